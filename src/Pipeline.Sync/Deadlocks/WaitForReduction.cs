namespace Pipeline.Sync;

/// <summary>Finds the owners that can never go on, by graph reduction (Holt, Some Deadlock Properties of Computer Systems, 1972), and a circle among
/// them.</summary>
internal static class WaitForReduction
{
    public static IReadOnlyList<WaitForEdge> FindCircle(
        IReadOnlyList<WaitForEdge> waits, IReadOnlyDictionary<string, WaitForResource> resources)
    {
        List<WaitForEdge> stuck = Reduce(waits, resources);
        if (stuck.Count == 0)
            return [];

        // Follow each wait to a holder that is stuck too; the walk must come back to where it has been.
        ILookup<string, WaitForEdge> byOwner = stuck.ToLookup(wait => wait.OwnerKey, StringComparer.Ordinal);
        List<WaitForEdge> walk = new();
        WaitForEdge? at = stuck.OrderBy(wait => wait.Identity, StringComparer.Ordinal).First();
        while (at is not null)
        {
            int seen = walk.IndexOf(at);
            if (seen >= 0)
                return Rotate(walk[seen..]);
            walk.Add(at);
            at = resources.TryGetValue(at.Resource, out WaitForResource? resource)
                ? resource.Holders.SelectMany(holder => byOwner[holder.OwnerKey])
                    .OrderBy(wait => wait.Identity, StringComparer.Ordinal).FirstOrDefault()
                : null;
        }

        return []; // waits behind an owner that was not captured: not shown to be a deadlock
    }

    private static List<WaitForEdge> Reduce(IReadOnlyList<WaitForEdge> waits, IReadOnlyDictionary<string, WaitForResource> resources)
    {
        Dictionary<string, List<LockHolder>> held =
            resources.ToDictionary(pair => pair.Key, pair => pair.Value.Holders.ToList(), StringComparer.Ordinal);
        List<WaitForEdge> left = waits.ToList();
        while (true)
        {
            HashSet<string> waiting = left.Select(wait => wait.OwnerKey).ToHashSet(StringComparer.Ordinal);
            bool released = false;
            foreach (List<LockHolder> holders in held.Values)
                released |= holders.RemoveAll(holder => !waiting.Contains(holder.OwnerKey)) > 0; // can run, so it gives back in the end
            int served = left.RemoveAll(wait =>
                !resources.TryGetValue(wait.Resource, out WaitForResource? resource)
                || resource.Capacity - held[wait.Resource].Sum(holder => holder.Units) >= wait.Units);
            if (served == 0 && !released)
                return left;
        }
    }

    /// <summary>Begins with the member that has waited longest, so that every process tells the circle the same way.</summary>
    private static List<WaitForEdge> Rotate(List<WaitForEdge> circle)
    {
        int first = circle.IndexOf(circle.MinBy(wait => (wait.Since, wait.Identity))!);
        return [.. circle[first..], .. circle[..first]];
    }
}
