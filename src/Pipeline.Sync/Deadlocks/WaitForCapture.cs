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
            foreach (string name in SemaphoreFiles.List(root))
            {
                try
                {
                    AddSemaphore(SemaphoreFiles.Describe(root, name), includeThisProcess, resources, waits);
                }
                catch (Exception error)
                    when (includeThisProcess && error is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    // A stranger in the directory, damaged or of another version: it must not blind the watch to the others.
                }
            }
        }

        foreach (LockWait wait in here)
            AddLocal(wait, resources, waits);

        return new WaitForGraph(WithHoldings(waits, resources, here), resources);
    }

    private static void AddSemaphore(
        SemaphoreDescription semaphore, bool localWaitsAreKnown, Dictionary<string, WaitForResource> resources, List<WaitForEdge> waits)
    {
        WaitForResource resource = new(semaphore.Name, semaphore.Capacity);
        resources[semaphore.Directory] = resource;
        resource.Holders.AddRange(semaphore.Permits
            .Where(permit => permit.IsHeld)
            .Select(permit => permit.Holder ?? Unknown(semaphore, permit)));
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

    private static LockHolder Unknown(SemaphoreDescription semaphore, PermitDescription permit) =>
        new("an unknown holder", 0, $"{semaphore.Name}/{permit.Number}", null, "unknown place", default)
        {
            OwnerKey = $"?{semaphore.Directory}/{permit.Number}",
        };

    private static void AddLocal(LockWait wait, Dictionary<string, WaitForResource> resources, List<WaitForEdge> waits)
    {
        (IAcquisition holder, WaitTarget target) = (wait.Holder, wait.Target);
        if (!resources.ContainsKey(target.Key))
        {
            WaitForResource resource = new(target.Name, target.Capacity);
            target.AddHolders(resource.Holders);
            resources.Add(target.Key, resource);
        }

        waits.Add(new WaitForEdge(
            holder.Owner.Label, ProcessIdentity.Id, target.Name, target.Level?.Rank, holder.Site.ToString(), wait.Since, [])
        {
            OwnerKey = holder.Owner.Key,
            Resource = target.Key,
            Units = target.Wanted,
            LocalWait = wait.Id,
        });
    }

    /// <summary>Adds to every wait what its owner holds. Locks without a waiter are only known through the waits' own holders.</summary>
    private static List<WaitForEdge> WithHoldings(List<WaitForEdge> waits, Dictionary<string, WaitForResource> resources, LockWait[] here)
    {
        ILookup<string, LockHolder> held =
            resources.Values.SelectMany(resource => resource.Holders)
            .ToLookup(holder => holder.OwnerKey, StringComparer.Ordinal);
        return [.. waits.Select(wait =>
        {
            List<LockHolder> holds = held[wait.OwnerKey].ToList();
            IEnumerable<LockHolder> outer = Array.Find(here, local => local.Id == wait.LocalWait)?.Holder.OuterHoldings ?? [];
            holds.AddRange(outer.Where(more => holds.TrueForAll(known => !IsOf(known, more.Lock))).ToList());
            return wait with { Holds = holds };
        })];
    }

    /// <summary>Tells whether a holder is one of this lock, or of a permit of this semaphore, as in <c>filter/1</c>.</summary>
    private static bool IsOf(LockHolder holder, string name) =>
        holder.Lock == name || (holder.Lock.StartsWith(name, StringComparison.Ordinal) && holder.Lock[name.Length] == '/');
}
