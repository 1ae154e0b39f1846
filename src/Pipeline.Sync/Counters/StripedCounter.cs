using System.Numerics;

namespace Pipeline.Sync;

/// <summary>An exact count, spread over several words so that cores that add at the same time do not fight for one cache line.</summary>
/// <remarks>
/// <para>Use it where many cores add all the time and the total is read seldom. On few cores <see cref="InterlockedCounter"/> is as fast and its value is a
/// snapshot.</para>
/// <para>No addition is lost: when no thread adds any more, <see cref="ApproximateTotal"/> is exact. While others add, the total is the sum of words that were
/// read one after the other, so do not compare it with a limit to enforce a quota; a quota needs permits.</para>
/// <para>The idea is Java's <c>LongAdder</c>; here the number of stripes is fixed and a thread keeps its stripe.</para>
/// <para>Locking: none; each word is changed by interlocked additions only.</para>
/// </remarks>
public sealed class StripedCounter : ICounter
{
    private const int WordsPerStripe = 128 / sizeof(long); // two cache lines: adjacent-line prefetch pairs them

    private static int s_nextThread; // Interlocked only

    [ThreadStatic]
    private static int s_thread; // 0: not numbered yet

    // Interlocked only; stripe i is word (i + 1) * WordsPerStripe, the first 128 bytes keep the array header away.
    private readonly long[] _words;
    private readonly int _mask;

    /// <summary>Initializes a counter with one stripe per processor.</summary>
    public StripedCounter()
        : this(Math.Min(Environment.ProcessorCount, 1024))
    {
    }

    /// <summary>Initializes a counter.</summary>
    /// <param name="stripes">Stripes, 1 to 1,024; rounded up to a power of two. Each takes 128 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stripes"/> is out of range.</exception>
    public StripedCounter(int stripes)
    {
        if (stripes is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(stripes), stripes, "A striped counter has 1 to 1,024 stripes.");
        int rounded = (int)BitOperations.RoundUpToPowerOf2((uint)stripes);
        _mask = rounded - 1;
        _words = GC.AllocateArray<long>((rounded + 2) * WordsPerStripe, pinned: true);
    }

    /// <summary>Gets the number of stripes.</summary>
    /// <value>A power of two, 1 to 1,024.</value>
    public int Stripes => _mask + 1;

    /// <inheritdoc/>
    public long ApproximateTotal
    {
        get
        {
            long total = 0;
            for (int stripe = 0; stripe <= _mask; stripe++)
            {
                SyncPoint.Before(SyncPointKind.Read, this);
                total += Interlocked.Read(ref _words[(stripe + 1) * WordsPerStripe]);
            }

            return total;
        }
    }

    /// <inheritdoc/>
    public void Add(long delta)
    {
        SyncPoint.Before(SyncPointKind.Update, this);
        int thread = s_thread;
        if (thread == 0)
            thread = NumberThisThread();
        Interlocked.Add(ref _words[((thread & _mask) + 1) * WordsPerStripe], delta);
    }

    /// <inheritdoc/>
    public void Increment() => Add(1);

    private static int NumberThisThread()
    {
        int number = Interlocked.Increment(ref s_nextThread);
        return s_thread = number == 0 ? 1 : number;
    }
}
