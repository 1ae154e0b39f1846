using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>How a set of lockables is taken: order check, then one after the other in rising order, all or nothing.</summary>
/// <remarks>Locking: none of its own; each lockable guards itself, and the acquisition object belongs to one flow until it is held.</remarks>
internal static class LockAcquisition
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(45);
    private static readonly Comparer<ILockable> s_order = Comparer<ILockable>.Create(Compare);

    /// <summary>Takes one or two, or throws.</summary>
    public static ValueTask<HeldLocks> AcquireAsync(
        ILockable first, ILockable? second, HeldLocks? token, TimeSpan timeout, in CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        (first, second) = Sort(first, second);
        HeldLocks? held = Begin(first, second, null, token, site, out LockOrderViolation? violation);
        return held is not null && !cancellationToken.IsCancellationRequested && held.TakeFreeLocks()
            ? new(held)
            : Outcome(held, violation, timeout, cancellationToken);
    }

    /// <summary>Takes a set of any size, or throws. Changes the array.</summary>
    public static ValueTask<HeldLocks> AcquireAsync(
        ILockable[] locks, TimeSpan timeout, in CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        return Outcome(Begin(locks, site, out LockOrderViolation? violation), violation, timeout, cancellationToken);
    }

    /// <summary>Takes one or two, or says why not.</summary>
    public static ValueTask<LockResult> TryAcquireAsync(
        ILockable first, ILockable? second, TimeSpan timeout, in CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        (first, second) = Sort(first, second);
        HeldLocks? held = Begin(first, second, null, null, site, out LockOrderViolation? violation);
        return held is not null && !cancellationToken.IsCancellationRequested && held.TakeFreeLocks()
            ? new(new LockResult.Acquired(held))
            : Result(held, violation, timeout, cancellationToken);
    }

    /// <summary>Takes a set of any size, or says why not. Changes the array.</summary>
    public static ValueTask<LockResult> TryAcquireAsync(
        ILockable[] locks, TimeSpan timeout, in CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        return Result(Begin(locks, site, out LockOrderViolation? violation), violation, timeout, cancellationToken);
    }

    /// <summary>Takes one lockable outside a set; a semaphore without a level is not ordered.</summary>
    public static ValueTask<LockResult> TryAcquireAsync(
        ILockable only, TimeSpan timeout, in CallSite site, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        LockOrderViolation? violation = null;
        HeldLocks? held = only.Level is null
            ? new HeldLocks(only, null, null, null, site)
            : Begin(only, null, null, null, site, out violation);
        return Result(held, violation, timeout, cancellationToken);
    }

    /// <summary>Sorts two and drops the weaker request when both are for one resource.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ILockable First, ILockable? Second) Sort(ILockable first, ILockable? second)
    {
        // The hot path: what most sets are, without a call through an interface.
        if (OrderedLock.From(first) is not { } a)
            return SortAny(first, second);
        if (second is null)
            return (a, null);
        return OrderedLock.From(second) is { } b && ReferenceEquals(a.Level.Domain, b.Level.Domain) && a.Level.Rank != b.Level.Rank
            ? a.Level.Rank < b.Level.Rank ? (a, b) : (b, a)
            : SortAny(first, second);
    }

    private static (ILockable First, ILockable? Second) SortAny(ILockable first, ILockable? second)
    {
        LockLevel level = LevelOf(first);
        if (second is null)
            return (first, null);
        int order = level.CompareTo(LevelOf(second));
        if (order == 0)
            order = CompareInLevel(first, second);
        if (order != 0 || !ReferenceEquals(first.Resource, second.Resource))
            return order > 0 ? (second, first) : (first, second);
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
            // Requests for one resource are equal in the order, so they stand together.
            if (!ReferenceEquals(locks[i].Resource, locks[kept].Resource))
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
            $"'{member.Name}' has no level, so it has no place in the lock order. "
            + "Set CrossProcessSemaphoreOptions.Level when opening it.", nameof(member));
    }

    private static HeldLocks? Begin(ILockable[] locks, in CallSite site, out LockOrderViolation? violation)
    {
        locks = Normalize(locks);
        return Begin(locks[0], locks.Length > 1 ? locks[1] : null, locks.Length > 2 ? locks : null, null, site, out violation);
    }

    /// <summary>Checks the order and records the acquisition in the flow; null when the order forbids it.</summary>
    private static HeldLocks? Begin(
        ILockable lowest, ILockable? second, ILockable[]? all, HeldLocks? token, in CallSite site, out LockOrderViolation? violation)
    {
        HeldLocks? outer = LockFlow.Innermost;
        violation = outer is null && token is null ? null : Check(outer, token, lowest, site);
        if (violation is not null)
            return null;
        HeldLocks held = new(lowest, second, all, outer ?? token, site);
        held.AssertInvariants();
        LockFlow.Enter(held);
        if (LockOrderGraph.IsLearning)
            LockOrderGraph.Learn(held);
        return held;
    }

    private static LockOrderViolation? Check(HeldLocks? outer, HeldLocks? token, ILockable lowest, in CallSite site)
    {
        LockOrderViolation? violation = null;
        if (token is not null && !Rises(token, lowest))
            violation = Violation(token, lowest, site);
        if (violation is null && outer is not null && !ReferenceEquals(outer, token) && !Rises(outer, lowest))
            violation = Violation(outer, lowest, site);
        return violation;
    }

    private static ValueTask<HeldLocks> Outcome(
        HeldLocks? held, LockOrderViolation? violation, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (held is null)
            throw new LockOrderException(violation!);
        if (cancellationToken.IsCancellationRequested)
        {
            held.RollBack();
            return ValueTask.FromCanceled<HeldLocks>(cancellationToken);
        }

        return held.TakeFree(timeout == TimeSpan.Zero) ? new(held) : ThrowingAsync(held, timeout, cancellationToken);
    }

    private static ValueTask<LockResult> Result(
        HeldLocks? held, LockOrderViolation? violation, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (held is null)
            return new(new LockResult.WouldViolateOrder(violation!));
        if (cancellationToken.IsCancellationRequested)
        {
            held.RollBack();
            return new(new LockResult.Canceled(held[0]));
        }

        return held.TakeFree(timeout == TimeSpan.Zero) ? new(new LockResult.Acquired(held)) : FinishAsync(held, timeout, cancellationToken);
    }

    private static async ValueTask<HeldLocks> ThrowingAsync(HeldLocks held, TimeSpan timeout, CancellationToken cancellationToken)
    {
        LockResult result = await FinishAsync(held, timeout, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            LockResult.Acquired acquired => acquired.Held,
            LockResult.TimedOut timedOut => throw new LockTimeoutException(timedOut),
            LockResult.Deadlocked deadlocked => throw new DeadlockException(deadlocked.Graph),
            _ => throw new OperationCanceledException(cancellationToken),
        };
    }

    private static async ValueTask<LockResult> FinishAsync(HeldLocks held, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TimeProvider clock = held.Next.Clock;
        long started = clock.GetTimestamp();
        try
        {
            do
            {
                ILockable wanted = held.Next;
                TimeSpan left = Remaining(timeout, clock.GetElapsedTime(started));
                using LockWait wait = BeginWait(held, wanted, cancellationToken);
                LockGrant grant;
                try
                {
                    grant = await wanted.EnterAsync(held, left, wait.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (wait.Token.IsCancellationRequested)
                {
                    held.RollBack();
                    return wait.Deadlock is { } graph && !cancellationToken.IsCancellationRequested
                        ? new LockResult.Deadlocked(graph)
                        : new LockResult.Canceled(wanted);
                }

                if (!grant.IsAcquired)
                {
                    List<LockHolder> holders = new();
                    wait.Target.AddHolders(holders);
                    held.RollBack();
                    return new LockResult.TimedOut(wanted, holders, clock.GetElapsedTime(started));
                }

                held.KeepNext(grant.Lease);
            }
            while (!held.TakeFree(timeout == TimeSpan.Zero));

            SyncMetrics.WaitDuration.Record(clock.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("pipeline.lock.level", held.Top.Level?.Name ?? held.Top.Name));
            return new LockResult.Acquired(held);
        }
        catch when (held.IsLive && !held.IsHeld)
        {
            held.RollBack(); // the wait itself failed
            throw;
        }
    }

    private static LockWait BeginWait(HeldLocks held, ILockable wanted, CancellationToken cancellationToken)
    {
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        held.WaitsSince = since; // before another thread can see the wait
        LockWait wait = new(held, wanted.Target, since, cancellationToken);
        if (!SyncPoint.IsControlled)
            DeadlockWatch.Wake();
        return wait;
    }

    private static bool Rises(HeldLocks outer, ILockable lowest)
    {
        // Further out stands what is lower, unless it was taken while an order was learned, when nothing is refused.
        for (HeldLocks? link = outer; link is not null; link = link.Parent)
        {
            if (link.IsLive && !(link.Top.Level is { } top && top.CompareTo(lowest.Level!) < 0))
                return LockOrderGraph.IsLearning;
        }

        return true;
    }

    /// <summary>Describes what is held and what was asked for; null when everything was given back in the meantime.</summary>
    private static LockOrderViolation? Violation(HeldLocks outer, ILockable lowest, in CallSite site)
    {
        List<ILockable> held = new();
        List<CallSite> sites = new();
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
        if (timeout != Timeout.InfiniteTimeSpan && (timeout < TimeSpan.Zero || timeout > s_longest))
            ThrowTimeout(timeout);
    }

    private static void ThrowTimeout(TimeSpan timeout) =>
        throw new ArgumentOutOfRangeException(nameof(timeout), timeout,
            "A time-out must be 0 to 45 days, or Timeout.InfiniteTimeSpan to wait for ever.");
}
