using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Sync.Internal;

namespace Pipeline.Sync;

/// <summary>The locks and permits that one acquisition took; disposing it gives them back. It is also the token for taking more.</summary>
/// <remarks>
/// <para>Belongs to no thread: it may be held across <c>await</c> and disposed anywhere. Disposing it twice is harmless.</para>
/// <para>Locking rule: what was taken is written by the acquiring flow before the state becomes Held, and by nobody later; <see cref="_state"/> is
/// interlocked, and the one that moves it to Released gives everything back.</para>
/// </remarks>
public sealed class HeldLocks : IDisposable, IAsyncDisposable
{
    private const int Held = 1; // 0 is pending: waited for
    private const int Released = 2;

    // In acquisition order: two have room here, because most sets are no larger and an array of their own would cost as much as a lock.
    private readonly ILockable _first;
    private readonly ILockable? _second;
    private readonly ILockable[]? _all; // all of them, when there are more than two
    private readonly LockOwner? _owner;
    private object?[]? _leases; // see the locking rule
    private long _waitsSince; // UTC ticks; 0 while it has not had to wait
    private long _heldSince; // Environment.TickCount64; 0 while some of the locks are still missing
    private long _ownerId; // Interlocked; 0 until somebody asks
    private int _state; // Interlocked

    internal HeldLocks(ILockable first, ILockable? second, HeldLocks? parent, CallSite site)
    {
        _first = first;
        _second = second;
        _owner = LockOwner.Current ?? parent?._owner;
        Parent = parent;
        Site = site;
    }

    internal HeldLocks(ILockable[] locks, HeldLocks? parent, CallSite site)
        : this(locks[0], locks[1], parent, site) => _all = locks;

    /// <summary>Gets what is held, in the order of acquisition.</summary>
    public IReadOnlyList<ILockable> Locks => _all ?? (_second is null ? [_first] : [_first, _second]);

    /// <summary>Gets a value indicating whether the locks are still held.</summary>
    public bool IsHeld => Volatile.Read(ref _state) == Held;

    /// <summary>Gets where the locks were acquired.</summary>
    public CallSite Site { get; }

    internal HeldLocks? Parent { get; }

    internal int Count => _all?.Length ?? (_second is null ? 1 : 2);

    /// <summary>Gets a value indicating whether the locks are held or waited for.</summary>
    internal bool IsLive => Volatile.Read(ref _state) != Released;

    internal ILockable Top => _all is not null ? _all[^1] : _second ?? _first;

    internal string Purpose { get; init; } = "";

    /// <summary>Gets or sets a value indicating whether the acquisition is not ready to wait. Set before it begins.</summary>
    internal bool IsOneTry { get; set; }

    /// <summary>Gets or sets since when the acquisition waits: the same instant for every process that judges it. Set before the wait begins.</summary>
    internal DateTimeOffset WaitsSince
    {
        get => new(Volatile.Read(ref _waitsSince), TimeSpan.Zero);
        set => Volatile.Write(ref _waitsSince, value.UtcTicks);
    }

    /// <summary>Gets since when everything is held; before that, since when the rest is waited for.</summary>
    internal DateTimeOffset Since => Volatile.Read(ref _heldSince) is not 0 and long held ? TimeProvider.System.GetUtcNow().AddMilliseconds(held - Environment.TickCount64)
        : Volatile.Read(ref _waitsSince) is not 0 and long waits ? new(waits, TimeSpan.Zero)
        : TimeProvider.System.GetUtcNow();

    internal string OwnerKey => LockOwner.KeyOf(OwnerId);

    internal string OwnerLabel => _owner?.Label ?? string.Create(CultureInfo.InvariantCulture, $"flow {OwnerId}");

    internal long OwnerId
    {
        get
        {
            if (_owner is not null)
                return _owner.Id;
            if (Parent is { } parent)
                return parent.OwnerId;
            if (Volatile.Read(ref _ownerId) == 0)
                Interlocked.CompareExchange(ref _ownerId, LockOwner.NextId(), 0);
            return _ownerId;
        }
    }

    /// <summary>Takes a further lock of a higher level while these are held.</summary>
    /// <param name="next">The lock; its level must be above every level held.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
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
        if (Interlocked.Exchange(ref _state, Released) != Held)
            return;
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

    internal LockLevel? LevelOf(string name)
    {
        foreach (ILockable member in Locks)
        {
            if (member.Name == name)
                return member.Level;
        }

        return null;
    }

    internal void Keep(int index, object? lease)
    {
        if (lease is not null)
            (_leases ??= new object?[Count])[index] = lease;
    }

    internal void MarkHeld()
    {
        _heldSince = Environment.TickCount64;
        Volatile.Write(ref _state, Held);
    }

    /// <summary>Gives back the first locks of an acquisition that did not succeed.</summary>
    internal void RollBack(int taken)
    {
        Volatile.Write(ref _state, Released);
        GiveBack(taken);
    }

    private void GiveBack(int taken)
    {
        for (int i = taken - 1; i >= 0; i--)
            this[i].Exit(this, _leases?[i]);
    }
}
