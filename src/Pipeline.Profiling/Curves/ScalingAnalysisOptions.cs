namespace Pipeline.Profiling;

/// <summary>Settings of an analysis of measured points. Checked when the analysis starts.</summary>
public sealed class ScalingAnalysisOptions
{
    /// <summary>Gets or sets the largest worker count that the fits see; runs above it are held back and score the predictions.</summary>
    /// <value>Workers; null, the default, for all.</value>
    public double? FitUpTo { get; set; }

    /// <summary>Gets or sets the worker counts to predict.</summary>
    /// <value>Workers, each more than 0; default 32. Held-back worker counts are always predicted too.</value>
    public IReadOnlyList<double> Predict { get; set; } = [32];

    /// <summary>Gets or sets the physical cores of the machine that was measured.</summary>
    /// <value>Cores; null, the default, when not known. Runs with more workers are shown and not fitted, because hyper-threads and time sharing bend the curve
    /// at that point.</value>
    public int? PhysicalCores { get; set; }

    /// <summary>Gets or sets a value indicating whether the work grew with the workers.</summary>
    /// <value>Default false. When true, Amdahl's law is refused and Gustafson's is applied.</value>
    public bool IsScaledWork { get; set; }

    /// <summary>Gets or sets the throughputs for which the worker count is wanted.</summary>
    /// <value>Units of work per second; default none.</value>
    public IReadOnlyList<double> AtThroughput { get; set; } = [];
}
