using System.Text;

namespace Pipeline.Testing;

/// <summary>Puts a deadlock into words: who holds what, who wants what, and which of the four Coffman conditions hold.</summary>
internal static class WaitForReport
{
    public static RunFailure Describe(IReadOnlyList<string> names, IReadOnlyList<WaitEdge> waits, IReadOnlyList<int> done)
    {
        List<int> cycle = FindCycle(waits);
        bool lost = cycle.Count == 0 && waits.Any(w => w.Holders.Count > 0 && w.Holders.All(done.Contains));
        StringBuilder text = new(cycle.Count > 0 ? $"deadlock: circular wait of {cycle.Count}"
            : lost ? "lost permit: the holder is gone, and the others wait for ever"
            : "deadlock: nobody can go on");
        IEnumerable<WaitEdge> told = cycle.Count > 0 ? cycle.Select(p => waits.First(w => w.Waiter == p)) : waits;
        foreach (WaitEdge wait in told)
        {
            string[] held = [.. waits.Where(w => w.Holders.Contains(wait.Waiter)).Select(w => w.Resource).Distinct()];
            text.Append('\n').Append("  ").Append(names[wait.Waiter]);
            if (held.Length > 0)
                text.Append(" holds ").AppendJoin(", ", held).Append(',');
            text.Append(" wants ").Append(wait.Resource);
            if (wait.Holders.Count > 0)
                text.Append(" (held by ")
                    .AppendJoin(", ", wait.Holders.Distinct().Select(h => done.Contains(h) ? $"{names[h]}, which is gone" : names[h]))
                    .Append(')');
            else
                text.Append(" (and nobody is left who could make it available)");
        }

        if (cycle.Count > 0)
            text.Append('\n').Append("  Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES");
        return new RunFailure(lost ? FailureKind.LostPermit : FailureKind.Deadlock, text.ToString());
    }

    // Follows the first living holder of each wanted resource. With several holders of one resource (a semaphore) a cycle is necessary for
    // a deadlock but does not explain it alone; the report is only written when no participant can go on, so what it names is a true part of it.
    private static List<int> FindCycle(IReadOnlyList<WaitEdge> waits)
    {
        foreach (WaitEdge start in waits)
        {
            List<int> path = [];
            WaitEdge? at = start;
            while (at is not null && !path.Contains(at.Waiter))
            {
                path.Add(at.Waiter);
                WaitEdge here = at;
                at = waits.FirstOrDefault(w => w != here && here.Holders.Contains(w.Waiter))
                    ?? (here.Holders.Contains(here.Waiter) ? here : null);
            }

            if (at is not null && at.Waiter == start.Waiter)
                return path;
        }

        return [];
    }
}
