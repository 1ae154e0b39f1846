using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>An exclusive lock with a place in the lock order. It is taken through a <see cref="LockSet"/> or a held token, never alone.</summary>
/// <remarks>
/// <para>Fair: first come, first served. Not recursive, and it belongs to the <see cref="HeldLocks"/> that took it, not to a thread, so it may be held across
/// <c>await</c> and given back on any thread.</para>
/// <para>Locking rule: the mutex says who owns; <see cref="_holder"/> is written by the owner only, right after taking and right before giving back, and read
/// by any thread for messages.</para>
/// </remarks>
public sealed class OrderedLock : ILockable
{
    private readonly FifoMutex _mutex = new();
    private readonly TimeProvider _clock;
    private readonly long _number = LockNumbers.Next();
    private IAcquisition? _holder; // see the locking rule

    /// <summary>Initializes a lock.</summary>
    /// <param name="level">Its place in the order.</param>
    /// <param name="name">Its name in messages; orders locks of the same level (by ordinal characters), so give each its own.</param>
    public OrderedLock(LockLevel level, string name)
        : this(level, name, TimeProvider.System)
    {
    }

    /// <summary>Initializes a lock with its own clock, for tests.</summary>
    /// <param name="level">Its place in the order.</param>
    /// <param name="name">Its name in messages; orders locks of the same level.</param>
    /// <param name="timeProvider">The clock of time-outs.</param>
    public OrderedLock(LockLevel level, string name, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(level);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Level = level;
        Name = name;
        _clock = timeProvider;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LockLevel Level { get; }

    /// <summary>Gets a value indicating whether the lock is held at this moment.</summary>
    /// <value>For displays and tests; it may change before the caller looks at it.</value>
    public bool IsHeld => !_mutex.IsFree;

    object ILockable.Resource => this;

    int ILockable.Strength => 1;

    long ILockable.Number => _number;

    TimeProvider ILockable.Clock => _clock;

    WaitTarget ILockable.Target => new(Name, Level, WaitTarget.LocalKey(_number), 1, 1, AddHolders);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (level {Level.Rank})";

    /// <summary>Tells whether a lockable is one of these, in two instructions, also without profile data: the hot paths call it without an interface
    /// then.</summary>
    /// <returns>The lock; null when it is null or something else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static OrderedLock? From(ILockable? lockable) =>
        lockable is not null && lockable.GetType() == typeof(OrderedLock) ? Unsafe.As<OrderedLock>(lockable) : null;

    /// <summary>Takes it if it is free, without waiting. Never fails otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter(IAcquisition holder)
    {
        SyncPoint.Before(SyncPointKind.Acquire, this);
        if (!_mutex.TryEnter())
            return false;
        _holder = holder;
        return true;
    }

    /// <summary>Gives it back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit()
    {
        SyncPoint.Before(SyncPointKind.Release, this);
        _holder = null;
        _mutex.Exit();
    }

    bool ILockable.TryEnter(IAcquisition holder, bool isOnlyTry, out object? lease)
    {
        lease = null;
        return TryEnter(holder);
    }

    async ValueTask<LockGrant> ILockable.EnterAsync(IAcquisition holder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (timeout != TimeSpan.Zero && SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => _mutex.IsFree))
        {
            if (TryEnter(holder))
                return LockGrant.Acquired(null);
        }

        _ = Volatile.Read(ref _holder)?.Holding; // it may have no time yet
        if (!await _mutex.EnterAsync(timeout, _clock, cancellationToken).ConfigureAwait(false))
            return LockGrant.TimedOut;
        _holder = holder;
        return LockGrant.Acquired(null);
    }

    void ILockable.Exit(IAcquisition holder, object? lease) => Exit();

    private void AddHolders(ICollection<LockHolder> holders)
    {
        if (Volatile.Read(ref _holder) is { } holder)
            holders.Add(LockHolder.Of(holder, Name, Level));
    }
}
