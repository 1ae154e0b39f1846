namespace Pipeline.Profiling;

/// <summary>The measured runs of one program at several numbers of workers.</summary>
public sealed record ScalingSeries
{
    /// <summary>Makes a series.</summary>
    /// <param name="name">What was measured; used in reports.</param>
    /// <param name="measure">The unit of the measurement.</param>
    /// <param name="samples">The runs, at least one, in any order; repeats of a worker count are welcome.</param>
    /// <exception cref="ArgumentException">There is no sample, or a worker count or a time is not a positive number.</exception>
    public ScalingSeries(string name, ScalingMeasure measure, IEnumerable<ScalingSample> samples)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(samples);
        Name = name;
        Measure = measure;
        Samples = [.. samples.OrderBy(s => s.Workers)];
        if (Samples.Count == 0)
            throw new ArgumentException($"Series '{name}' has no samples. Give at least one measured run.", nameof(samples));
        foreach (ScalingSample sample in Samples)
        {
            if (!(double.IsFinite(sample.Workers) && sample.Workers > 0 && double.IsFinite(sample.Seconds) && sample.Seconds > 0))
            {
                throw new ArgumentException(
                    Invariant($"Series '{name}' has a sample of {sample.Workers} workers and {sample.Seconds} s. Both must be finite "
                        + $"and more than 0."),
                    nameof(samples));
            }
        }
    }

    /// <summary>Gets what was measured.</summary>
    public string Name { get; }

    /// <summary>Gets the unit in which it was measured.</summary>
    public ScalingMeasure Measure { get; }

    /// <summary>Gets the runs, by rising worker count.</summary>
    public IReadOnlyList<ScalingSample> Samples { get; }

    /// <summary>Gets the largest measured worker count.</summary>
    public double MaxWorkers => Samples[^1].Workers;

    /// <summary>Takes the runs up to a number of workers.</summary>
    /// <param name="workers">The largest worker count to keep.</param>
    /// <returns>A series with at least one sample.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No run has so few workers.</exception>
    public ScalingSeries UpTo(double workers)
    {
        if (Samples[0].Workers > workers)
            throw new ArgumentOutOfRangeException(nameof(workers), workers, $"Series '{Name}' starts at {Samples[0].Workers} workers. "
                + $"Give at least that.");
        return new ScalingSeries(Name, Measure, Samples.Where(s => s.Workers <= workers));
    }
}
