namespace Pipeline.Sync;

/// <summary>Collects the waits and holders for a graph: from the table of this process, and from the files of semaphores for other processes.</summary>
internal static class WaitForCapture
{
    public static WaitForGraph Run(IEnumerable<string> roots, bool includeThisProcess)
    {
        Dictionary<string, WaitForResource> resources = new(StringComparer.Ordinal);
        List<WaitForEdge> waits = new();
        LockWait[] here = includeThisProcess ? [.. LockWait.All] : [];

        foreach (string root in roots.Where(Directory.Exists))
        {
            foreach (string name in CrossProcessSemaphore.List(root))
            {
                try
                {
                    AddSemaphore(CrossProcessSemaphore.Describe(root, name), includeThisProcess, resources, waits);
                }
                catch (Exception error) when (includeThisProcess && error is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    // A stranger in the directory, damaged or of another version: it must not blind the watch to the others.
                }
            }
        }

        foreach (LockWait wait in here)
            AddLocal(wait, resources, waits);

        return new WaitForGraph(WithHoldings(waits, resources, here), resources);
    }

    private static void AddSemaphore(SemaphoreDescription semaphore, bool localWaitsAreKnown, Dictionary<string, WaitForResource> resources, List<WaitForEdge> waits)
    {
        WaitForResource resource = new(semaphore.Name, semaphore.Capacity);
        resources[semaphore.Directory] = resource;
        resource.Holders.AddRange(semaphore.Permits.Where(permit => permit.IsHeld).Select(permit => permit.Holder
            ?? new LockHolder("an unknown holder", 0, $"{semaphore.Name}/{permit.Number}", null, "unknown place", default) { OwnerKey = $"?{semaphore.Directory}/{permit.Number}" }));
        foreach (WaiterDescription waiter in semaphore.Waiting)
        {
            if (localWaitsAreKnown && waiter.OwnerKey.StartsWith(ProcessIdentity.Key + "/", StringComparison.Ordinal))
                continue; // known better from the table
            waits.Add(new WaitForEdge(waiter.Owner, waiter.ProcessId, semaphore.Name, waiter.Level, waiter.Site, waiter.Since, [])
            {
                OwnerKey = waiter.OwnerKey,
                Resource = semaphore.Directory,
                Units = waiter.Permits,
            });
        }
    }

    private static void AddLocal(LockWait wait, Dictionary<string, WaitForResource> resources, List<WaitForEdge> waits)
    {
        string key = KeyOf(wait.Wanted);
        (int capacity, int wanted) = wait.Wanted.Units;
        if (!resources.ContainsKey(key))
        {
            WaitForResource resource = new(wait.Wanted.Name, capacity);
            wait.Wanted.AddHolders(resource.Holders);
            resources.Add(key, resource);
        }

        waits.Add(new WaitForEdge(
            wait.Holder.Owner.Label, ProcessIdentity.Id, wait.Wanted.Name, wait.Wanted.Level?.Rank, wait.Holder.Site.ToString(), wait.Since, [])
        {
            OwnerKey = wait.Holder.Owner.Key,
            Resource = key,
            Units = wanted,
            LocalWait = wait,
        });
    }

    /// <summary>Adds to every wait what its owner holds. Locks that nobody waits for are only known through the waits' own holders.</summary>
    private static List<WaitForEdge> WithHoldings(List<WaitForEdge> waits, Dictionary<string, WaitForResource> resources, LockWait[] here)
    {
        ILookup<string, LockHolder> held = resources.Values.SelectMany(resource => resource.Holders).ToLookup(holder => holder.OwnerKey, StringComparer.Ordinal);
        return [.. waits.Select(wait =>
        {
            List<LockHolder> holds = held[wait.OwnerKey].ToList();
            for (HeldLocks? link = here.FirstOrDefault(local => ReferenceEquals(local, wait.LocalWait))?.Holder.Parent; link is not null; link = link.Parent)
            {
                if (link.IsHeld)
                    holds.AddRange(link.Locks.Where(member => holds.TrueForAll(known => !IsOf(known, member))).Select(member => LockHolder.Of(link, member.Name, member.Level)));
            }

            return wait with { Holds = holds };
        })];
    }

    private static bool IsOf(LockHolder holder, ILockable member) =>
        holder.Lock == member.Name || (holder.Lock.StartsWith(member.Name, StringComparison.Ordinal) && holder.Lock.Length > member.Name.Length && holder.Lock[member.Name.Length] == '/');

    private static string KeyOf(ILockable wanted) => wanted.Resource is CrossProcessSemaphore semaphore
        ? semaphore.Directory
        : $"{ProcessIdentity.Key}#{wanted.Number}";
}
