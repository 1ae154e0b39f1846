namespace Pipeline.Infra;

/// <summary>The whole numbers from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
internal readonly record struct Interval(UInt128 First, UInt128 Last)
{
    internal bool Contains(UInt128 value) => value >= First && value <= Last;

    internal bool Contains(in Interval other) => other.First >= First && other.Last <= Last;

    internal bool Overlaps(in Interval other) => First <= other.Last && other.First <= Last;

    /// <summary>Gets the common part; only for intervals that overlap.</summary>
    internal Interval Intersect(in Interval other) => new(UInt128.Max(First, other.First), UInt128.Min(Last, other.Last));
}
