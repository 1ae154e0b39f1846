namespace Pipeline.Profiling;

/// <summary>What a series of measured points says, and what it cannot say.</summary>
public sealed record ScalingAnalysis
{
    /// <summary>Gets the analyzed series, held-back runs included.</summary>
    public required ScalingSeries Series { get; init; }

    /// <summary>Gets the runs that the fits saw.</summary>
    public required ScalingSeries Fitted { get; init; }

    /// <summary>Gets the time at one worker that speed-ups are relative to.</summary>
    /// <value>Seconds: 1 for measured speed-ups, the median at one worker where it was measured, else the fitted one; null when refused.</value>
    public double? BaselineSeconds { get; init; }

    /// <summary>Gets the fit of Amdahl's law.</summary>
    /// <value>Null when refused; <see cref="Refusal"/> says why.</value>
    public AmdahlFit? Amdahl { get; init; }

    /// <summary>Gets the fit of the Universal Scalability Law by relative errors, which competes with Amdahl's.</summary>
    /// <value>Null with fewer than six worker counts.</value>
    public UslFit? Usl { get; init; }

    /// <summary>Gets the fit of the Universal Scalability Law by absolute errors, as other tools publish it.</summary>
    /// <value>Null with fewer than six worker counts.</value>
    public UslFit? UslAbsolute { get; init; }

    /// <summary>Gets the serial fractions of the single worker counts.</summary>
    /// <value>Null when refused.</value>
    public KarpFlatt? KarpFlatt { get; init; }

    /// <summary>Gets the law that predicts.</summary>
    /// <value><c>amdahl</c>, <c>usl</c> or <c>none</c>.</value>
    public required string Model { get; init; }

    /// <summary>Gets how much smaller the criterion of the Universal Scalability Law is than that of Amdahl's.</summary>
    /// <value>Points of AICc; null where one of them cannot be computed. From 6 on it counts as clearly better.</value>
    public double? AiccGainOfUsl { get; init; }

    /// <summary>Gets why no curve is fitted.</summary>
    /// <value>Null when one is.</value>
    public string? Refusal { get; init; }

    /// <summary>Gets, for work that grew with the workers, the serial share of each parallel run.</summary>
    public IReadOnlyList<(double Workers, double SerialShare)> Gustafson { get; init; } = [];

    /// <summary>Gets the predictions.</summary>
    public required IReadOnlyList<ScalingPrediction> Predictions { get; init; }

    /// <summary>Gets the predictions beside what was held back.</summary>
    public required IReadOnlyList<PredictionScore> Scores { get; init; }

    /// <summary>Gets the worker counts for the asked throughputs; null where the throughput is above the peak.</summary>
    public required IReadOnlyList<(double Throughput, double? Workers)> WorkersForThroughput { get; init; }

    /// <summary>Gets what was checked.</summary>
    public required IReadOnlyList<ProfileCheck> Checks { get; init; }

    /// <summary>Gets the verdict in one sentence.</summary>
    public required string Verdict { get; init; }
}
