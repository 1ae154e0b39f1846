using System.Text;

namespace Pipeline.Sync;

/// <summary>Why an acquisition was refused: what the flow holds, what it asked for, and the rule.</summary>
/// <param name="Held">What the flow holds, outermost first.</param>
/// <param name="HeldSites">Where each was acquired.</param>
/// <param name="Wanted">What was asked for.</param>
/// <param name="WantedSite">Where.</param>
public sealed record LockOrderViolation(
    IReadOnlyList<ILockable> Held, IReadOnlyList<CallSite> HeldSites, ILockable Wanted, CallSite WantedSite)
{
    /// <summary>Explains the violation with both chains: the one that was tried, and the one that the order asks for.</summary>
    /// <returns>Several lines of text.</returns>
    public override string ToString()
    {
        StringBuilder text = new();
        ILockable last = Held[^1];
        if (Held.Any(member => ReferenceEquals(member.Resource, Wanted.Resource)))
        {
            int at = Held.ToList().FindLastIndex(member => ReferenceEquals(member.Resource, Wanted.Resource));
            return $"'{Wanted.Name}' was asked for at {WantedSite}, but '{Wanted.Name}' is held already by this flow, "
                + $"or by the flow that started this task, since {HeldSites[at]}. "
                + "Waiting for it could never end: locks are not recursive. Pass the held token on instead of taking the lock again.";
        }

        text.AppendLine(
            $"'{Wanted.Name}' was asked for at {WantedSite} while '{last.Name}' is held; this order can deadlock, "
            + "so it is refused even though the lock may be free.");
        text.Append("  tried:    ");
        for (int i = 0; i < Held.Count; i++)
            text.Append($"{Show(Held[i])} at {HeldSites[i]} -> ");
        text.Append($"{Show(Wanted)} at {WantedSite}").AppendLine(Direction(last));
        text.Append("  in order: ");
        IEnumerable<ILockable> ordered = Held.Append(Wanted).Distinct()
            .OrderBy(member => member.Level, Comparer<LockLevel?>.Create((a, b) => a is null || b is null ? 0 : a.CompareTo(b)))
            .ThenBy(member => member.Name, StringComparer.Ordinal);
        text.AppendLine(string.Join(" -> ", ordered.Select(Show)));
        text.Append(
            "Rule broken: levels must rise. Acquire both in one LockSet.AcquireAsync call, "
            + $"or take '{Wanted.Name}' before '{last.Name}'.");
        return text.ToString();
    }

    private static string Show(ILockable member) =>
        $"{member.Name} (level {member.Level?.Rank.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"})";

    private string Direction(ILockable last)
    {
        if (Wanted.Level is null || last.Level is null)
            return "";
        return Wanted.Level.CompareTo(last.Level) == 0
            ? $"   <-- stays at level {last.Level.Rank}"
            : $"   <-- goes from level {last.Level.Rank} down to {Wanted.Level.Rank}";
    }
}
