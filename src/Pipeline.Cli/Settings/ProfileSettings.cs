namespace Pipeline.Cli;

/// <summary>Everything that the user said about a profile. Immutable.</summary>
internal sealed record ProfileSettings
{
    /// <summary>Gets the file of measured points; null to measure photos.</summary>
    public string? From { get; init; }

    /// <summary>Gets the largest worker count that fits see; null for all.</summary>
    public double? FitUpTo { get; init; }

    /// <summary>Gets the worker counts to predict.</summary>
    public IReadOnlyList<double> Predict { get; init; } = [32];

    /// <summary>Gets the physical cores of the measured machine; null when not told.</summary>
    public int? Cores { get; init; }

    /// <summary>Gets a value indicating whether the work grew with the workers.</summary>
    public bool IsScaled { get; init; }

    /// <summary>Gets the throughputs whose worker counts are wanted.</summary>
    public IReadOnlyList<double> AtThroughput { get; init; } = [];

    /// <summary>Gets the most workers of the sweep.</summary>
    public int MaxWorkers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 1024);

    /// <summary>Gets how often each worker count is run.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>Gets the photo job that is profiled; its output folder is a temporary one.</summary>
    public required PhotoJobSettings Job { get; init; }

    /// <summary>Gets where the HTML report goes; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>Gets where the JSON document goes; <c>-</c> for standard output, null for none.</summary>
    public string? Json { get; init; }

    /// <summary>Gets where the raw points go; null for none.</summary>
    public string? Csv { get; init; }

    /// <summary>Gets where the timeline of the last run goes; null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>Gets by which share stages are made slower, one after the other; null to leave that out.</summary>
    public double? SlowDown { get; init; }

    /// <summary>Gets the earlier profile to compare with; null for none.</summary>
    public string? Compare { get; init; }

    /// <summary>Gets the what-if of the earlier profile that was made since; null for none.</summary>
    public string? Made { get; init; }

    /// <summary>Gets a value indicating whether progress is shown.</summary>
    public bool ShowProgress { get; init; } = true;
}
