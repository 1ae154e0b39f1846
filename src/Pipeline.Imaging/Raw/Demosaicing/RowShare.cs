namespace Pipeline.Imaging;

/// <summary>Divides the rows of a picture among threads by work stealing: each goes through a range of its own, and a thread that has none takes half of the
/// longest.</summary>
/// <remarks>Thread-safe, except that each range is used by one thread.</remarks>
internal sealed class RowShare
{
    /// <summary>Rows taken at a time.</summary>
    public const int Step = 64;

    // Each further range reads and scales a few rows, or a row of tiles, a second time.
    private const int LeastHalf = 4 * Step;
    private readonly Lock _gate = new();
    private readonly List<Range> _ranges = [];

    /// <summary>Initializes a new instance of the <see cref="RowShare"/> class.</summary>
    public RowShare(int rows) => _ranges.Add(new Range { End = rows, IsLeft = true });

    /// <summary>Gets a value indicating whether there are rows that no thread has taken yet.</summary>
    public bool HasRows
    {
        get
        {
            lock (_gate)
                return _ranges.Exists(range => range.Rows > 0);
        }
    }

    /// <summary>Gives a range that no thread works on, or half of the longest.</summary>
    /// <returns>Null when nothing is left that would be worth it.</returns>
    public Range? Take()
    {
        lock (_gate)
        {
            if (_ranges.Find(range => range is { IsLeft: true, Rows: > 0 }) is { } left)
            {
                left.IsLeft = false;
                return left;
            }

            Range? longest = _ranges.MaxBy(range => range.Rows);
            if (longest is null || longest.Rows < 2 * LeastHalf)
                return null;
            int middle = longest.Next + (longest.Rows / 2);
            Range half = new() { Next = middle, End = longest.End };
            longest.End = middle;
            _ranges.Add(half);
            return half;
        }
    }

    /// <summary>Takes the next rows of a range.</summary>
    public bool TryNext(Range range, out int from, out int to)
    {
        lock (_gate)
        {
            from = range.Next;
            to = range.Next = Math.Min(range.End, from + Step);
            return from < to;
        }
    }

    /// <summary>Leaves the rest of a range to the others.</summary>
    public void Leave(Range range)
    {
        lock (_gate)
            range.IsLeft = true;
    }

    /// <summary>Takes all rows away, so that every thread stops.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            foreach (Range range in _ranges)
                range.End = range.Next;
        }
    }

    /// <summary>Rows that one thread goes through; guarded by the share's lock.</summary>
    public sealed class Range
    {
        /// <summary>Gets or sets the next row.</summary>
        public int Next { get; set; }

        /// <summary>Gets or sets the row behind the last one.</summary>
        public int End { get; set; }

        /// <summary>Gets or sets a value indicating whether no thread works on it.</summary>
        public bool IsLeft { get; set; }

        /// <summary>Gets the rows to go.</summary>
        public int Rows => End - Next;
    }
}
