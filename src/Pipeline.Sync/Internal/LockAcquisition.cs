namespace Pipeline.Sync.Internal;

/// <summary>How a set of lockables is taken: order check, then one after the other in rising order, all or nothing.</summary>
/// <remarks>Locking: none of its own; each lockable guards itself, and the acquisition object belongs to one flow until it is held.</remarks>
internal static class LockAcquisition
{
    /// <summary>Takes a set, or throws.</summary>
    internal static ValueTask<HeldLocks> AcquireAsync(ILockable[] locks, HeldLocks? token, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        if (Start(locks, token, timeout, site, out HeldLocks held, out int next) is { } violation)
            throw new LockOrderException(violation);
        return next < 0 ? new(held) : ThrowingAsync(held, next, timeout, cancellationToken);
    }

    /// <summary>Takes a set, or says why not.</summary>
    internal static ValueTask<LockResult> TryAcquireAsync(ILockable[] locks, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        if (Start(locks, null, timeout, site, out HeldLocks held, out int next) is { } violation)
            return new(new LockResult.WouldViolateOrder(violation));
        return next < 0 ? new(new LockResult.Acquired(held)) : FinishAsync(held, next, timeout, cancellationToken);
    }

    /// <summary>Takes one lockable outside a set; a semaphore without a level is not ordered.</summary>
    internal static ValueTask<LockResult> TryAcquireAsync(HeldLocks held, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        held.IsOneTry = timeout == TimeSpan.Zero;
        ILockable only = held.Locks[0];
        if (only.Level is not null)
        {
            if (Check(held.Parent, only, held.Site) is { } violation)
                return new(new LockResult.WouldViolateOrder(violation));
            LockFlow.Enter(held);
            LockOrderGraph.Learn(held);
        }

        int next = TakeFree(held, 0);
        return next < 0 ? new(new LockResult.Acquired(held)) : FinishAsync(held, next, timeout, cancellationToken);
    }

    /// <summary>Drops duplicates (the stronger request for a resource stays) and sorts. Changes the array it is given.</summary>
    internal static ILockable[] Normalize(ILockable[] locks)
    {
        foreach (ILockable member in locks)
        {
            ArgumentNullException.ThrowIfNull(member, nameof(locks));
            if (member.Level is null)
            {
                throw new ArgumentException(
                    $"'{member.Name}' has no level, so it has no place in the lock order. Set CrossProcessSemaphoreOptions.Level when opening it.", nameof(locks));
            }
        }

        if (locks.Length == 1)
            return locks;
        if (locks.Length == 2)
        {
            int order = Compare(locks[0], locks[1]);
            if (order > 0)
                (locks[0], locks[1]) = (locks[1], locks[0]);
            if (!ReferenceEquals(locks[0].Resource, locks[1].Resource))
                return locks;
            return [locks[0].Strength >= locks[1].Strength ? locks[0] : locks[1]];
        }

        if (locks.Length == 0)
            throw new ArgumentException("A lock set needs at least one lock.", nameof(locks));
        return [.. locks.GroupBy(member => member.Resource, ReferenceEqualityComparer.Instance).Select(group => group.MaxBy(member => member.Strength)!)
            .Order(Comparer<ILockable>.Create(Compare))];
    }

    private static int Compare(ILockable a, ILockable b)
    {
        if (!ReferenceEquals(a.Level, b.Level))
            return a.Level!.CompareTo(b.Level!);
        int byName = string.CompareOrdinal(a.Name, b.Name);
        return byName != 0 ? byName : a.Number.CompareTo(b.Number);
    }

    private static LockOrderViolation? Start(ILockable[] locks, HeldLocks? token, TimeSpan timeout, CallSite site, out HeldLocks held, out int next)
    {
        locks = Normalize(locks);
        HeldLocks? outer = LockFlow.Innermost;
        if (token is not null && Check(token, locks[0], site) is { } againstToken)
        {
            (held, next) = (token, -1);
            return againstToken;
        }

        if (outer is not null && !ReferenceEquals(outer, token) && Check(outer, locks[0], site) is { } violation)
        {
            (held, next) = (outer, -1);
            return violation;
        }

        held = new HeldLocks(locks, outer ?? token, site) { IsOneTry = timeout == TimeSpan.Zero };
        LockFlow.Enter(held);
        LockOrderGraph.Learn(held);
        next = TakeFree(held, 0);
        return null;
    }

    /// <summary>Takes as many as are free; returns the index of the first that is not, or -1 after the last.</summary>
    private static int TakeFree(HeldLocks held, int next)
    {
        IReadOnlyList<ILockable> locks = held.Locks;
        try
        {
            for (; next < locks.Count; next++)
            {
                if (!locks[next].TryEnter(held, out object? lease))
                    return next;
                held.Keep(next, lease);
            }
        }
        catch
        {
            held.RollBack(next); // a lock file that cannot be locked: nothing stays behind
            throw;
        }

        held.MarkHeld();
        return -1;
    }

    private static async ValueTask<HeldLocks> ThrowingAsync(HeldLocks held, int next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        LockResult result = await FinishAsync(held, next, timeout, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            LockResult.Acquired acquired => acquired.Held,
            LockResult.TimedOut timedOut => throw new LockTimeoutException(timedOut),
            LockResult.Deadlocked deadlocked => throw new DeadlockException(deadlocked.Graph),
            _ => throw new OperationCanceledException(cancellationToken),
        };
    }

    private static async ValueTask<LockResult> FinishAsync(HeldLocks held, int next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IReadOnlyList<ILockable> locks = held.Locks;
        TimeProvider clock = locks[next].Clock;
        long started = clock.GetTimestamp();
        try
        {
            while (next >= 0)
            {
                ILockable wanted = locks[next];
                TimeSpan left = Remaining(timeout, clock.GetElapsedTime(started));
                using var wait = new LockWait(held, wanted, cancellationToken);
                LockGrant grant;
                try
                {
                    grant = await wanted.EnterAsync(held, left, wait.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (wait.Token.IsCancellationRequested)
                {
                    held.RollBack(next);
                    return wait.Deadlock is { } graph && !cancellationToken.IsCancellationRequested
                        ? new LockResult.Deadlocked(graph)
                        : new LockResult.Canceled(wanted);
                }

                if (!grant.IsAcquired)
                {
                    var holders = new List<LockHolder>();
                    wanted.AddHolders(holders);
                    held.RollBack(next);
                    return new LockResult.TimedOut(wanted, holders, clock.GetElapsedTime(started));
                }

                held.Keep(next, grant.Lease);
                next = TakeFree(held, next + 1);
            }

            SyncMetrics.WaitDuration.Record(clock.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("pipeline.lock.level", held.Top.Level?.Name ?? held.Top.Name));
            return new LockResult.Acquired(held);
        }
        catch when (held.IsLive && !held.IsHeld)
        {
            held.RollBack(next); // the wait itself failed
            throw;
        }
    }

    private static LockOrderViolation? Check(HeldLocks? outer, ILockable lowest, CallSite site)
    {
        if (outer is null || LockOrderGraph.IsLearning || (outer.Top.Level is { } top && top.CompareTo(lowest.Level!) < 0))
            return null;
        var held = new List<ILockable>();
        var sites = new List<CallSite>();
        for (HeldLocks? link = outer; link is not null; link = link.Parent)
        {
            if (!link.IsLive)
                continue;
            held.InsertRange(0, link.Locks);
            sites.InsertRange(0, link.Locks.Select(_ => link.Site));
        }

        return held.Count == 0 ? null : new LockOrderViolation(held, sites, lowest, site);
    }

    private static TimeSpan Remaining(TimeSpan timeout, TimeSpan elapsed)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return timeout;
        return elapsed >= timeout ? TimeSpan.Zero : timeout - elapsed;
    }

    private static void CheckTimeout(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan && (timeout < TimeSpan.Zero || timeout > TimeSpan.FromDays(45)))
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout,
                "A time-out must be 0 to 45 days, or Timeout.InfiniteTimeSpan to wait for ever.");
        }
    }
}
