namespace Pipeline.Sync;

/// <summary>An exact count in one word, changed by atomic instructions.</summary>
/// <remarks>
/// The right default. Every addition is one locked instruction (about 3 ns without contention), and <see cref="Value"/> is a true snapshot. When many cores add
/// all the time, <see cref="StripedCounter"/> spares them the fight for one cache line. Locking: none; one word, interlocked only.
/// </remarks>
public sealed class InterlockedCounter : ICounter
{
    private long _value; // Interlocked only

    /// <summary>Gets the count: a value that it really had at one instant.</summary>
    public long Value
    {
        get
        {
            SyncPoint.Before(SyncPointKind.Read, this);
            return Interlocked.Read(ref _value);
        }
    }

    /// <inheritdoc/>
    public long ApproximateTotal => Value;

    /// <inheritdoc/>
    public void Add(long delta)
    {
        SyncPoint.Before(SyncPointKind.Update, this);
        Interlocked.Add(ref _value, delta);
    }

    /// <inheritdoc/>
    public void Increment() => Add(1);

    /// <summary>Adds to the count and returns the outcome in the same atomic step.</summary>
    /// <param name="delta">The amount, any sign.</param>
    /// <returns>The count right after this addition. For <paramref name="delta"/> 1, no two callers get the same number.</returns>
    public long AddAndGet(long delta)
    {
        SyncPoint.Before(SyncPointKind.Update, this);
        return Interlocked.Add(ref _value, delta);
    }

    /// <summary>Sets the count to zero and returns what it was, in one atomic step.</summary>
    /// <returns>The count right before. Every addition is contained in exactly one returned value or still in the count.</returns>
    public long Take()
    {
        SyncPoint.Before(SyncPointKind.Update, this);
        return Interlocked.Exchange(ref _value, 0);
    }
}
