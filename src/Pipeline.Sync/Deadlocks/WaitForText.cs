using System.Globalization;
using System.Text;

namespace Pipeline.Sync;

/// <summary>Tells a wait-for graph to people.</summary>
internal static class WaitForText
{
    public static string Explain(IReadOnlyList<WaitForEdge> waits, IReadOnlyList<WaitForEdge> circle)
    {
        if (circle.Count == 0)
            return waits.Count == 0 ? "Nobody waits." : $"{waits.Count} waiting, no circular wait.";
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        StringBuilder text = new();
        text.AppendLine($"Circular wait of {circle.Count} (deadlock):");
        foreach (WaitForEdge member in circle)
        {
            string who = $"  {member.Owner} (process {member.ProcessId})";
            string indent = new(' ', who.Length);
            foreach (LockHolder held in member.Holds)
            {
                text.AppendLine(
                    $"{who} holds {held.Lock}{Level(held.Level)}  acquired {held.Site}  "
                    + $"{Ago(now - held.Since)}{(held.IsSinceExact ? "" : " or earlier")}");
                who = indent;
            }

            text.Append($"{who} wants {member.Wants}{Level(member.Level)}  at {member.Site}");
            int? top = member.Holds.Max(held => held.Level);
            if (member.Level <= top)
                text.Append(member.Level == top ? $"   <-- stays at level {top}" : $"   <-- goes from level {top} down to {member.Level}");
            text.AppendLine();
        }

        WaitForEdge? wrong = circle.FirstOrDefault(member => member.Level <= member.Holds.Max(held => held.Level));
        text.AppendLine(wrong is null
            ? "Rule broken: what is needed together must be taken together. Give each a level and acquire them in one LockSet."
            : $"Rule broken: levels must rise. Acquire both in one LockSet, or take {wrong.Wants} first in {wrong.Site}.");
        text.Append("Coffman: mutual exclusion yes, hold-and-wait yes, no preemption yes, circular wait YES.");
        return text.ToString();
    }

    private static string Level(int? level) => level is null ? "" : $" (level {level})";

    private static string Ago(TimeSpan age)
    {
        FormattableString text = age.TotalSeconds < 1 ?
            $"{Math.Max(0, age.TotalMilliseconds):0} ms ago" : (FormattableString)$"{age.TotalSeconds:0.0} s ago";
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
