using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>The locks and permits that one acquisition took; disposing it gives them back. It is also the token for taking more.</summary>
/// <remarks>
/// <para>Belongs to no thread: it may be held across <c>await</c> and disposed anywhere. Disposing it twice is harmless.</para>
/// <para>Locking rule: what is taken is written by the acquiring flow before <see cref="_state"/> becomes AllTaken, and never later. From then on the state is
/// interlocked, and the one that moves it to Released gives everything back.</para>
/// </remarks>
[DebuggerDisplay("{Count} locks up to {Top.Name}, held {IsHeld}, acquired at {Site}")]
public sealed class HeldLocks : IAcquisition, IDisposable, IAsyncDisposable
{
    private const int AllTaken = -1; // from 0 up it is pending: waited for, and so many are taken
    private const int Released = -2;

    // Every byte here is paid at every acquisition. In acquisition order: two have room here, because most sets are no larger, and an array would cost as
    // much as a lock.
    private readonly ILockable _first;
    private readonly ILockable? _second;
    private readonly ILockable[]? _all; // all of them, when there are more than two
    private readonly string _member;
    private readonly string _filePath;
    private readonly int _line;
    private object?[]? _leases; // see the locking rule
    private LockOwner? _owner; // Interlocked once it is null after construction
    // Interlocked once everything is held. UTC ticks since when it waits; below zero see Encode; 0 while no flow waited or asked.
    private long _since;
    private int _state; // see the locking rule

    /// <param name="first">The lowest.</param>
    /// <param name="second">The next, if there is one.</param>
    /// <param name="all">All of them, in the order of acquisition, when there are more than two.</param>
    /// <param name="parent">What the flow holds or waits for already.</param>
    /// <param name="site">Where.</param>
    internal HeldLocks(ILockable first, ILockable? second, ILockable[]? all, HeldLocks? parent, in CallSite site)
    {
        _first = first;
        _second = second;
        if (all is not null)
            _all = all;
        _member = site.Member;
        _filePath = site.FilePath;
        _line = site.Line;
        if (parent is not null)
            Parent = parent;
        if ((LockOwner.Current ?? parent?._owner) is { } owner)
            _owner = owner;
    }

    /// <summary>Gets what is held, in the order of acquisition.</summary>
    public IReadOnlyList<ILockable> Locks => _all ?? (_second is null ? [_first] : [_first, _second]);

    /// <summary>Gets a value indicating whether the locks are still held.</summary>
    public bool IsHeld => Volatile.Read(ref _state) == AllTaken;

    /// <summary>Gets where the locks were acquired.</summary>
    public CallSite Site => new(_member, _filePath, _line);

    internal HeldLocks? Parent { get; }

    internal int Count => _all?.Length ?? (_second is null ? 1 : 2);

    /// <summary>Gets a value indicating whether the locks are held or waited for.</summary>
    internal bool IsLive => Volatile.Read(ref _state) != Released;

    internal ILockable Top => _all is not null ? _all[^1] : _second ?? _first;

    string IAcquisition.Purpose => _first.Purpose;

    /// <summary>Sets since when the acquisition waits. Set before the wait begins.</summary>
    internal DateTimeOffset WaitsSince
    {
        set => Volatile.Write(ref _since, value.UtcTicks);
    }

    /// <summary>Gets since when everything is held, and whether that is exact; before that, since when the rest is waited for: the same instant for every
    /// process that judges the wait. What was free when it was acquired is given a time only when it is asked for, which is when the first has to wait for it
    /// at the latest: looking at a clock would cost every acquisition as much as two more locks.</summary>
    (DateTimeOffset Since, bool IsExact) IAcquisition.Holding
    {
        get
        {
            long since = Volatile.Read(ref _since);
            if (since > 0)
                return (new(since, TimeSpan.Zero), true);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            if (since == 0)
            {
                if (!IsHeld)
                    return (now, true);
                long seen = Encode(isExact: false);
                since = Interlocked.CompareExchange(ref _since, seen, 0);
                if (since == 0)
                    since = seen;
            }

            return (now.AddMilliseconds((~since >> 1) - Environment.TickCount64), (~since & 1) == 0);
        }
    }

    LockOwner IAcquisition.Owner
    {
        get
        {
            if (Volatile.Read(ref _owner) is { } owner)
                return owner;
            if (Parent is { } parent)
                return ((IAcquisition)parent).Owner;
            LockOwner unnamed = LockOwner.Unnamed();
            return Interlocked.CompareExchange(ref _owner, unnamed, null) ?? unnamed;
        }
    }

    IEnumerable<LockHolder> IAcquisition.OuterHoldings
    {
        get
        {
            for (HeldLocks? link = Parent; link is not null; link = link.Parent)
            {
                for (int i = 0; link.IsHeld && i < link.Count; i++)
                    yield return LockHolder.Of(link, link[i].Name, link[i].Level);
            }
        }
    }

    /// <summary>Gets the first lock that is missing. Not to be asked when all are taken.</summary>
    internal ILockable Next => this[_state];

    /// <summary>Takes a further lock of a higher level while these are held.</summary>
    /// <param name="next">The lock; its level must be above every level held.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="cancellationToken">Stops the waiting. When it is canceled already, nothing is taken, even if it is free.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The further lock. Dispose it before this object.</returns>
    /// <exception cref="LockOrderException">The level does not rise. Thrown at once, even when the lock is free.</exception>
    /// <exception cref="LockTimeoutException">The time was over; nothing was taken.</exception>
    /// <exception cref="DeadlockException">The wait was part of a circle that could not resolve itself.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">These locks were given back already.</exception>
    public ValueTask<HeldLocks> ThenAsync(ILockable next, TimeSpan timeout, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(next);
        ObjectDisposedException.ThrowIf(!IsHeld, this);
        return LockAcquisition.AcquireAsync(next, null, this, timeout, new CallSite(member, file, line), cancellationToken);
    }

    /// <summary>Gives everything back, the last acquired first. Never waits.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, Released) == AllTaken)
            GiveBack(Count);
    }

    /// <summary>Gives everything back, the last acquired first. Never waits.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal ILockable this[int index] => _all is not null ? _all[index] : index == 0 ? _first : _second!;

    /// <summary>Gets the lease of one member, for a semaphore.</summary>
    internal object? LeaseOf(int index) => _leases?[index];

    /// <summary>The hot path: takes one or two locks of this process, where there is no lease, and nothing can fail unless an explorer ends the
    /// participant.</summary>
    /// <returns>True when everything is held; false when the rest has to be taken by <see cref="TakeFree"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TakeFreeLocks()
    {
        if (SyncPoint.IsControlled || OrderedLock.From(_first) is not { } first || !first.TryEnter(this))
            return false;
        if (_second is not null && (OrderedLock.From(_second) is not { } second || !second.TryEnter(this)))
        {
            _state = 1;
            return false;
        }

        Volatile.Write(ref _state, AllTaken);
        return true;
    }

    /// <summary>Takes what is free, in order.</summary>
    /// <param name="isOnlyTry">Whether the acquisition is not ready to wait.</param>
    /// <returns>True when everything is held.</returns>
    internal bool TakeFree(bool isOnlyTry)
    {
        try
        {
            for (int count = Count; _state < count;)
            {
                if (!Next.TryEnter(this, isOnlyTry, out object? lease))
                    return false;
                KeepNext(lease);
            }
        }
        catch
        {
            RollBack(); // a lock file that cannot be locked: nothing stays behind
            throw;
        }

        Volatile.Write(ref _since, Encode(isExact: true));
        Volatile.Write(ref _state, AllTaken);
        return true;
    }

    /// <summary>Keeps the lock that was missing and has been taken now.</summary>
    internal void KeepNext(object? lease)
    {
        if (lease is not null)
            (_leases ??= new object?[Count])[_state] = lease;
        _state++;
    }

    bool IAcquisition.TryReleaseSingle()
    {
        if (!IsHeld || Count != 1)
            return false;
        Dispose();
        return true;
    }

    /// <summary>Checks that the members differ and stand in the order in which they are taken.</summary>
    [Conditional("DEBUG")]
    internal void AssertInvariants()
    {
        Debug.Assert(_all is null || (_all.Length > 2 && ReferenceEquals(_all[0], _first)), "the array is for three locks or more");
        for (int i = 1; i < Count; i++)
        {
            Debug.Assert(!ReferenceEquals(this[i - 1].Resource, this[i].Resource), "a resource is taken once");
            Debug.Assert(this[i - 1].Level!.CompareTo(this[i].Level!) <= 0, "levels rise");
        }
    }

    /// <summary>Gives back what an acquisition that did not succeed took.</summary>
    internal void RollBack()
    {
        int taken = _state;
        Volatile.Write(ref _state, Released);
        GiveBack(taken);
    }

    /// <summary>Encodes the present as what is held since: milliseconds since the start of the machine times two, plus one for "then or earlier",
    /// complemented.</summary>
    private static long Encode(bool isExact) => ~((Environment.TickCount64 << 1) | (isExact ? 0L : 1L));

    private void GiveBack(int taken)
    {
        if (taken == 2 && OrderedLock.From(_second) is { } second && OrderedLock.From(_first) is { } first)
        {
            second.Exit(); // the hot path
            first.Exit();
            return;
        }

        if (_all is null)
        {
            if (taken > 1)
                _second!.Exit(this, LeaseOf(1));
            if (taken > 0)
                _first.Exit(this, LeaseOf(0));
            return;
        }

        for (int i = taken - 1; i >= 0; i--)
            _all[i].Exit(this, LeaseOf(i));
    }
}
