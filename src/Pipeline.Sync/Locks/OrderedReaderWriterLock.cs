namespace Pipeline.Sync;

/// <summary>A reader-writer lock with a place in the lock order. Pass <see cref="Read"/> or <see cref="Write"/> to a <see cref="LockSet"/>.</summary>
/// <remarks>
/// <para>Fair: first come, first served; readers that stand together enter together, and none overtakes a waiting writer. In a set that names both sides, the
/// write side is taken. Not recursive and without upgrade: asking again while holding either side is refused, because it would deadlock with a writer in
/// between.</para>
/// <para>Belongs to the <see cref="HeldLocks"/> that took it, not to a thread. Thread-safe; the line of waiters guards all state.</para>
/// </remarks>
public sealed class OrderedReaderWriterLock
{
    private const int Units = 1_000_000; // of the wait-for graph: a writer takes all, a reader one

    private readonly FifoReaderWriterLine _line = new();

    /// <summary>Initializes a lock.</summary>
    /// <param name="level">Its place in the order.</param>
    /// <param name="name">Its name in messages; orders locks of the same level (by ordinal characters), so give each its own.</param>
    public OrderedReaderWriterLock(LockLevel level, string name)
        : this(level, name, TimeProvider.System)
    {
    }

    /// <summary>Initializes a lock with its own clock, for tests.</summary>
    /// <param name="level">Its place in the order.</param>
    /// <param name="name">Its name in messages; orders locks of the same level.</param>
    /// <param name="timeProvider">The clock of time-outs.</param>
    public OrderedReaderWriterLock(LockLevel level, string name, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(level);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Level = level;
        Name = name;
        long number = LockNumbers.Next();
        Read = new Side(this, number, timeProvider, write: false);
        Write = new Side(this, number, timeProvider, write: true);
    }

    /// <summary>Gets the name in messages.</summary>
    public string Name { get; }

    /// <summary>Gets the place in the order.</summary>
    public LockLevel Level { get; }

    /// <summary>Gets the side that many may hold at once.</summary>
    public ILockable Read { get; }

    /// <summary>Gets the side that only one may hold, while the other is free.</summary>
    public ILockable Write { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (level {Level.Rank})";

    private sealed class Side(OrderedReaderWriterLock owner, long number, TimeProvider clock, bool write) : ILockable
    {
        public string Name => owner.Name;

        public LockLevel Level => owner.Level;

        object ILockable.Resource => owner;

        int ILockable.Strength => write ? 2 : 1;

        long ILockable.Number => number;

        TimeProvider ILockable.Clock => clock;

        WaitTarget ILockable.Target => new(Name, Level, WaitTarget.LocalKey(number), Units, write ? Units : 1, AddHolders);

        public override string ToString() => $"{owner} for {(write ? "writing" : "reading")}";

        bool ILockable.TryEnter(IAcquisition holder, bool isOnlyTry, out object? lease)
        {
            lease = null;
            SyncPoint.Before(SyncPointKind.Acquire, owner);
            return owner._line.TryEnter(holder, write);
        }

        async ValueTask<LockGrant> ILockable.EnterAsync(IAcquisition holder, TimeSpan timeout, CancellationToken cancellationToken)
        {
            while (timeout != TimeSpan.Zero && SyncPoint.WaitUntil(SyncPointKind.Acquire, owner, () => owner._line.CanEnter(write)))
            {
                if (((ILockable)this).TryEnter(holder, isOnlyTry: false, out _))
                    return LockGrant.Acquired(null);
            }

            return await owner._line.EnterAsync(holder, write, timeout, clock, cancellationToken).ConfigureAwait(false)
                ? LockGrant.Acquired(null)
                : LockGrant.TimedOut;
        }

        void ILockable.Exit(IAcquisition holder, object? lease)
        {
            SyncPoint.Before(SyncPointKind.Release, owner);
            owner._line.Exit(holder, write);
        }

        private void AddHolders(ICollection<LockHolder> holders)
        {
            foreach ((IAcquisition holder, bool writes) in owner._line.Holders())
                holders.Add(LockHolder.Of(holder, Name, Level, writes ? Units : 1));
        }
    }
}
