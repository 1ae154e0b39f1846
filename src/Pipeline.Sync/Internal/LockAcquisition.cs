namespace Pipeline.Sync.Internal;

/// <summary>How a set of lockables is taken: order check, then one after the other in rising order, all or nothing.</summary>
/// <remarks>Locking: none of its own; each lockable guards itself, and the acquisition object belongs to one flow until it is held.</remarks>
internal static class LockAcquisition
{
    private static readonly Comparer<ILockable> s_order = Comparer<ILockable>.Create(Compare);

    /// <summary>Takes one or two, or throws.</summary>
    internal static ValueTask<HeldLocks> AcquireAsync(ILockable first, ILockable? second, HeldLocks? token, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        LockOrderViolation? violation = Start(Sorted(first, second), null, token, timeout, site, out HeldLocks held, out int next);
        return Outcome(violation, held, next, timeout, cancellationToken);
    }

    /// <summary>Takes a set of any size, or throws. Changes the array.</summary>
    internal static ValueTask<HeldLocks> AcquireAsync(ILockable[] locks, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        LockOrderViolation? violation = Start(locks, timeout, site, out HeldLocks held, out int next);
        return Outcome(violation, held, next, timeout, cancellationToken);
    }

    /// <summary>Takes one or two, or says why not.</summary>
    internal static ValueTask<LockResult> TryAcquireAsync(ILockable first, ILockable? second, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        LockOrderViolation? violation = Start(Sorted(first, second), null, null, timeout, site, out HeldLocks held, out int next);
        return Result(violation, held, next, timeout, cancellationToken);
    }

    /// <summary>Takes a set of any size, or says why not. Changes the array.</summary>
    internal static ValueTask<LockResult> TryAcquireAsync(ILockable[] locks, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        LockOrderViolation? violation = Start(locks, timeout, site, out HeldLocks held, out int next);
        return Result(violation, held, next, timeout, cancellationToken);
    }

    /// <summary>Takes one lockable outside a set; a semaphore without a level is not ordered.</summary>
    internal static ValueTask<LockResult> TryAcquireAsync(HeldLocks held, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        held.IsOneTry = timeout == TimeSpan.Zero;
        ILockable only = held[0];
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

    /// <summary>Sorts two and drops the weaker request when both are for one resource.</summary>
    private static (ILockable First, ILockable? Second) Sorted(ILockable first, ILockable? second)
    {
        LockLevel level = LevelOf(first);
        if (second is null)
            return (first, null);
        int order = level.CompareTo(LevelOf(second));
        if (order == 0)
            order = CompareInLevel(first, second);
        if (order > 0)
            return (second, first);
        if (order != 0 || !ReferenceEquals(first.Resource, second.Resource))
            return (first, second);
        return (first.Strength >= second.Strength ? first : second, null);
    }

    /// <summary>Sorts and drops duplicates; the stronger request for a resource stays. Changes the array that it is given.</summary>
    private static ILockable[] Normalize(ILockable[] locks)
    {
        foreach (ILockable member in locks)
            LevelOf(member);
        if (locks.Length == 0)
            throw new ArgumentException("A lock set needs at least one lock.", nameof(locks));
        Array.Sort(locks, s_order);
        int kept = 0;
        for (int i = 1; i < locks.Length; i++)
        {
            if (!ReferenceEquals(locks[i].Resource, locks[kept].Resource)) // requests for one resource are equal in the order, so they stand together
                locks[++kept] = locks[i];
            else if (locks[i].Strength > locks[kept].Strength)
                locks[kept] = locks[i];
        }

        return kept + 1 == locks.Length ? locks : locks[..(kept + 1)];
    }

    private static int Compare(ILockable a, ILockable b)
    {
        int byLevel = a.Level!.CompareTo(b.Level!);
        return byLevel != 0 ? byLevel : CompareInLevel(a, b);
    }

    private static int CompareInLevel(ILockable a, ILockable b)
    {
        int byName = string.CompareOrdinal(a.Name, b.Name);
        return byName != 0 ? byName : a.Number.CompareTo(b.Number);
    }

    private static LockLevel LevelOf(ILockable member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.Level ?? throw new ArgumentException(
            $"'{member.Name}' has no level, so it has no place in the lock order. Set CrossProcessSemaphoreOptions.Level when opening it.", nameof(member));
    }

    private static ValueTask<HeldLocks> Outcome(LockOrderViolation? violation, HeldLocks held, int next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (violation is not null)
            throw new LockOrderException(violation);
        return next < 0 ? new(held) : ThrowingAsync(held, next, timeout, cancellationToken);
    }

    private static ValueTask<LockResult> Result(LockOrderViolation? violation, HeldLocks held, int next, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (violation is not null)
            return new(new LockResult.WouldViolateOrder(violation));
        return next < 0 ? new(new LockResult.Acquired(held)) : FinishAsync(held, next, timeout, cancellationToken);
    }

    private static LockOrderViolation? Start(ILockable[] locks, TimeSpan timeout, CallSite site, out HeldLocks held, out int next)
    {
        locks = Normalize(locks);
        return locks.Length > 2
            ? Start((locks[0], null), locks, null, timeout, site, out held, out next)
            : Start((locks[0], locks.Length == 2 ? locks[1] : null), null, null, timeout, site, out held, out next);
    }

    private static LockOrderViolation? Start(
        (ILockable First, ILockable? Second) two, ILockable[]? more, HeldLocks? token, TimeSpan timeout, CallSite site, out HeldLocks held, out int next)
    {
        HeldLocks? outer = LockFlow.Innermost;
        if (token is not null && Check(token, two.First, site) is { } againstToken)
        {
            (held, next) = (token, -1);
            return againstToken;
        }

        if (outer is not null && !ReferenceEquals(outer, token) && Check(outer, two.First, site) is { } violation)
        {
            (held, next) = (outer, -1);
            return violation;
        }

        held = more is null ? new HeldLocks(two.First, two.Second, outer ?? token, site) : new HeldLocks(more, outer ?? token, site);
        held.IsOneTry = timeout == TimeSpan.Zero;
        LockFlow.Enter(held);
        LockOrderGraph.Learn(held);
        next = TakeFree(held, 0);
        return null;
    }

    /// <summary>Takes as many as are free; returns the index of the first that is not, or -1 after the last.</summary>
    private static int TakeFree(HeldLocks held, int next)
    {
        try
        {
            for (int count = held.Count; next < count; next++)
            {
                if (!held[next].TryEnter(held, out object? lease))
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
        TimeProvider clock = held[next].Clock;
        long started = clock.GetTimestamp();
        try
        {
            while (next >= 0)
            {
                ILockable wanted = held[next];
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
