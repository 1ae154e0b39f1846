using System.Text;

namespace Pipeline.Testing;

/// <summary>A failing run in its smallest form.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Trace">The run, step by step.</param>
/// <param name="Replay">The word that repeats it.</param>
/// <param name="Certificate">What is known about smaller schedules.</param>
public sealed record Counterexample(Schedule Schedule, RunFailure Failure, Trace Trace, ReplayString Replay, Certificate Certificate)
{
    /// <summary>Gets how many preemptions and crashes the schedule had as it was found.</summary>
    public int CostAsFound { get; init; }

    /// <summary>Gets how many it had after shrinking, before the certificate looked for a smaller one.</summary>
    public int CostAfterShrinking { get; init; }

    /// <summary>Gets the size of the schedule in words, for example <c>1 preemption</c>.</summary>
    public string SizeText => CountText.Cost(Schedule);

    /// <summary>Writes the two-column trace, the size and the certificate, and the replay string.</summary>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public override string ToString() => new StringBuilder()
        .Append(Trace).Append('\n')
        .Append(SizeText).Append("; ").Append(Certificate.Text).Append('\n')
        .Append("replay: ").Append(Replay).ToString();
}
