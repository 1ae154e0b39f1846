namespace Pipeline.Lab;

/// <summary>A WRONG counter, for teaching: <c>total += 1</c> as three separate steps, so concurrent additions get lost. Never count anything with it.</summary>
/// <remarks>
/// <c>total += 1</c> reads, adds and writes. Two threads that both read 41 both write 42, and one photo is never billed. The explorer of Pipeline.Testing finds
/// the schedule; <see cref="InterlockedCounter"/> is the repair. Locking: none, and that is the defect. Not thread-safe.
/// </remarks>
public sealed class RacyCounter : ICounter
{
    private long _value; // shared and unguarded on purpose

    /// <inheritdoc/>
    /// <value>May be lower than the number of additions, for ever.</value>
    public long ApproximateTotal
    {
        get
        {
            SyncPoint.Before(SyncPointKind.Read, this);
            return Volatile.Read(ref _value);
        }
    }

    /// <summary>Reads the count, adds, and writes it back: loses every addition that another thread makes in between.</summary>
    /// <param name="delta">The amount, any sign.</param>
    public void Add(long delta)
    {
        SyncPoint.Before(SyncPointKind.Read, this);
        long read = Volatile.Read(ref _value);
        SyncPoint.Before(SyncPointKind.Write, this);
        Volatile.Write(ref _value, read + delta);
    }

    /// <summary>Adds one, with the same defect as <see cref="Add"/>.</summary>
    public void Increment() => Add(1);
}
