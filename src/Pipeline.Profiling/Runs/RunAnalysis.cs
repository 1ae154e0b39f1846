namespace Pipeline.Profiling;

/// <summary>What one run says about itself.</summary>
public sealed record RunAnalysis
{
    /// <summary>Gets the run.</summary>
    public required RunReport Report { get; init; }

    /// <summary>Gets the simulation model of the run.</summary>
    public required PipelineModel Model { get; init; }

    /// <summary>Gets the simulated run.</summary>
    public required SimulationResult Simulated { get; init; }

    /// <summary>Gets what limits the run.</summary>
    public required RunCause Cause { get; init; }

    /// <summary>Gets the serial parts, the largest first.</summary>
    public required IReadOnlyList<SerialPart> SerialParts { get; init; }

    /// <summary>Gets the two limits of the speed-up over one item and one stage at a time; garbage collections, which stop everything, count in both.</summary>
    public required PipelineLimits Limits { get; init; }

    /// <summary>Gets the work and the longest chain of steps, library time included.</summary>
    public required WorkSpan WorkSpan { get; init; }

    /// <summary>Gets what changes would give, the largest gain first.</summary>
    public required IReadOnlyList<WhatIfResult> WhatIfs { get; init; }

    /// <summary>Gets what was checked.</summary>
    public required IReadOnlyList<ProfileCheck> Checks { get; init; }

    /// <summary>Gets the share of the work that only one worker could do at a time.</summary>
    /// <value>0 to 1.</value>
    public double SerialShare => SerialParts.Sum(p => p.Share);

    /// <summary>Gets the speed-up of the run over one item and one stage at a time: all work over the time it took.</summary>
    public double SpeedUp => WorkSpan.WorkSeconds / Report.Elapsed.TotalSeconds;
}
