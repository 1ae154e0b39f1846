namespace Pipeline.Profiling;

/// <summary>How much threads that work at the same time slow each other down on a machine, through cores, caches and memory that they share.</summary>
/// <remarks>
/// Measured in processor time where the platform tells it (Linux, macOS), so that other programs do not count: a prediction is for processors that are free. A
/// run with one worker cannot show this. How much of it a stage meets depends on what it does: arithmetic is the least, copying memory the most. The simulation
/// takes the least and the lower end of a prediction's band the most. Thread-safe.
/// </remarks>
/// <param name="Threads">How many threads worked at once, 2 or more.</param>
/// <param name="Computing">How many times longer arithmetic in registers takes each of them than one alone, 1 or more.</param>
/// <param name="Copying">The same for copying memory that no cache holds.</param>
public sealed record MachineContention(int Threads, double Computing, double Copying)
{
    /// <summary>The most threads that <see cref="Measure"/> starts; each copies 32 MiB.</summary>
    public const int MostThreads = 8;

    /// <summary>Measures this machine: some 0.3 s of work on as many threads as it has processors, up to <see cref="MostThreads"/>.</summary>
    /// <returns>The ratios of the shortest times over rounds in which one thread and all take turns; null on a machine with one processor.</returns>
    public static MachineContention? Measure()
    {
        int threads = Math.Min(MostThreads, Environment.ProcessorCount);
        return threads < 2 ? null : new ContentionMeasurement(threads).Run();
    }

    /// <summary>Computes how many times longer a body takes when several compute than when it computes alone.</summary>
    /// <param name="bodies">How many compute, itself included.</param>
    /// <returns>1 for one; <see cref="Computing"/> from <see cref="Threads"/> on, since what more would do was not measured; in proportion between.</returns>
    public double SlownessOf(int bodies) => 1 + ((Computing - 1) * Math.Clamp((bodies - 1) / (double)(Threads - 1), 0, 1));

    /// <summary>Takes the contention for bodies that compute for a share of their time only.</summary>
    internal MachineContention For(double share) =>
        this with { Computing = 1 + ((Computing - 1) * share), Copying = 1 + ((Copying - 1) * share) };
}
