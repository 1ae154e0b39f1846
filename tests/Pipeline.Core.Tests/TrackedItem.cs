using System.Collections.Concurrent;

namespace Pipeline.Core.Tests;

/// <summary>An item that counts its disposals and tells its weight.</summary>
public sealed class TrackedItem(int number, long weight = 0, long code = 0) : IDisposable, IWeighted
{
    private int _disposals;

    public int Number => number;

    /// <summary>Gets what the stages made of it, to compare with what they should have made.</summary>
    public long Code => code;

    public long WeightBytes => weight;

    public int Disposals => Volatile.Read(ref _disposals);

    public void Dispose() => Interlocked.Increment(ref _disposals);
}

/// <summary>Makes tracked items and remembers them.</summary>
public sealed class StrongBoxOfItems
{
    public ConcurrentBag<TrackedItem> All { get; } = [];

    public TrackedItem New(int number) => New(number, 0);

    public TrackedItem New(int number, long weight) => New(number, weight, 0);

    public TrackedItem New(int number, long weight, long code)
    {
        TrackedItem item = new(number, weight, code);
        All.Add(item);
        return item;
    }
}
