namespace Pipeline.Profiling;

/// <summary>What a change would give, from the simulation.</summary>
/// <param name="Change">The change.</param>
/// <param name="BaselineSeconds">The simulated time without it.</param>
/// <param name="Seconds">The simulated time with it.</param>
/// <param name="NextBottleneck">What binds after the change: stage names, the source or the processors; more than one for a tie.</param>
/// <param name="BindsAfter">After how many more workers of the stage something else binds; null where the change is none of workers.</param>
public sealed record WhatIfResult(
    WhatIf Change, double BaselineSeconds, double Seconds, IReadOnlyList<string> NextBottleneck, int? BindsAfter)
{
    /// <summary>Gets how much more throughput the change gives.</summary>
    /// <value>A share: 0.11 is 11 % more.</value>
    public double Gain => (BaselineSeconds / Seconds) - 1;

    /// <summary>Compares the prediction with a run in which the change was really made.</summary>
    /// <param name="observedBaselineSeconds">The measured time without the change, more than 0.</param>
    /// <param name="observedSeconds">The measured time with the change, more than 0.</param>
    /// <returns>Predicted less observed gain: 0.05 is 5 points too optimistic.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is not more than 0.</exception>
    public double ErrorAgainst(double observedBaselineSeconds, double observedSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observedBaselineSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observedSeconds);
        return Gain - ((observedBaselineSeconds / observedSeconds) - 1);
    }
}
