using System.Collections.Immutable;
using System.Text;

namespace Pipeline.Testing;

/// <summary>An order in which concurrent participants take their steps, written as the few places where it departs from the ordinary.</summary>
/// <remarks>
/// The ordinary course needs no entry: the current participant goes on until it is blocked, yields or ends; then the next one in ring
/// order that can run goes on. A schedule lists only the departures: <see cref="Preemptions"/>, <see cref="Crashes"/>, and the
/// <see cref="Choices"/> made where the current participant cannot go on and several others can.
/// <para>
/// Every list is a valid schedule. A preemption at a step that is never reached, or with no participant to switch to, has no effect; numbers are
/// taken modulo the number of candidates. So generators need no filter, and a shrinker can drop or lower any entry.
/// </para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class Schedule : IEquatable<Schedule>
{
    /// <summary>Gets the schedule without departures: no preemption, no crash, the next in the ring follows.</summary>
    public static Schedule Empty { get; } = new([], [], []);

    /// <summary>Creates a schedule.</summary>
    /// <param name="preemptions">Preemptions in any order; of several at one step, the first counts.</param>
    /// <param name="crashes">Crashes in any order; of several at one step, the first counts.</param>
    /// <param name="choices">
    /// One number for each blocking point with two or more candidates, in the order in which they occur: which candidate in ring order goes
    /// on. Taken modulo the number of candidates; a missing number means 0.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public Schedule(ImmutableArray<Preemption> preemptions, ImmutableArray<CrashPoint> crashes, ImmutableArray<int> choices)
    {
        Preemptions = [.. preemptions.DistinctBy(p => p.Step).OrderBy(p => p.Step)];
        Crashes = [.. crashes.DistinctBy(c => c.Step).OrderBy(c => c.Step)];
        Choices = choices;
        int lowest = Preemptions.Select(p => Math.Min(p.Step, p.Target))
            .Concat(Crashes.Select(c => Math.Min(c.Step, c.Target))).Concat(Choices).DefaultIfEmpty(0).Min();
        if (lowest < 0)
            throw new ArgumentOutOfRangeException(nameof(preemptions), lowest, "A schedule was given a negative number. Steps, targets "
                + "and choices must be 0 or more.");
    }

    /// <summary>Gets the preemptions, by rising step, at most one for each step.</summary>
    public ImmutableArray<Preemption> Preemptions { get; }

    /// <summary>Gets the crashes, by rising step, at most one for each step.</summary>
    public ImmutableArray<CrashPoint> Crashes { get; }

    /// <summary>Gets the choices at blocking points, in the order in which they occur.</summary>
    public ImmutableArray<int> Choices { get; }

    /// <summary>Gets how far the schedule departs from the ordinary course.</summary>
    /// <value>The number of preemptions plus the number of crashes; choices at blocking points are free.</value>
    public int Cost => Preemptions.Length + Crashes.Length;

    /// <inheritdoc/>
    public bool Equals(Schedule? other) => other is not null
        && Preemptions.AsSpan().SequenceEqual(other.Preemptions.AsSpan())
        && Crashes.AsSpan().SequenceEqual(other.Crashes.AsSpan())
        && Choices.AsSpan().SequenceEqual(other.Choices.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Schedule);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Writes the schedule in the short form of a replay string.</summary>
    /// <returns>For example <c>p3=0,7=1/x5=0/c0,2</c>: two preemptions, one crash, two choices.</returns>
    public override string ToString()
    {
        StringBuilder text = new("p");
        text.AppendJoin(',', Preemptions.Select(p => $"{p.Step}={p.Target}")).Append("/x");
        text.AppendJoin(',', Crashes.Select(c => $"{c.Step}={c.Target}")).Append("/c");
        return text.AppendJoin(',', Choices).ToString();
    }
}
