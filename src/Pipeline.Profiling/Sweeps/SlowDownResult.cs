namespace Pipeline.Profiling;

/// <summary>What happened when a stage was made slower on purpose.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Share">How much longer its items took: 0.2 is a fifth longer.</param>
/// <param name="Change">How much longer the run took, the median over rounds.</param>
/// <param name="Interval">Its 95 % interval: by bootstrap or Student's t, whichever reaches farther; without bounds after a single round.</param>
/// <param name="SimulatedChange">How much longer it takes in the simulation.</param>
/// <remarks>
/// A run's time is convex in the time of a stage, because it is the largest of several sums. So a stage that is made faster gains at most what the same
/// stage made slower costs: the slope is an upper bound, and no effect proves that a faster stage gives nothing.
/// </remarks>
public sealed record SlowDownResult(string Stage, double Share, double Change, ConfidenceInterval Interval, double SimulatedChange)
{
    /// <summary>Gets the share of the run's time that hangs on the stage at most.</summary>
    /// <value>0 to 1.</value>
    public double MostSaved => Math.Clamp(Interval.High / Share, 0, 1);

    /// <summary>Gets the result in words.</summary>
    public string Sentence => Invariant($"{Stage} {100 * Share:0.#} % slower: run {100 * Change:+0.0;-0.0;0.0} % "
        + $"[{Bound(Interval.Low)}, {Bound(Interval.High)}], simulated {100 * SimulatedChange:+0.0;-0.0;0.0} %; {Meaning}");

    private static string Bound(double change) => double.IsFinite(change) ? Invariant($"{100 * change:+0.0;-0.0;0.0}") : "unknown";

    private string Meaning => Interval.High < 0
        ? "more work cannot make a run faster, so the machine changed between the runs: measure again"
        : Invariant($"{(Interval.Low > 0 ? "" : MostSaved <= 0.1 ? "no effect, " : "cannot tell from so few rounds, ")}a faster one "
            + $"saves at most {100 * MostSaved:0} %");
}
