using System.Collections.Concurrent;

namespace Pipeline.Core.Tests;

/// <summary>An item that counts its disposals and tells its weight.</summary>
public sealed class TrackedItem(int number, long weight = 0) : IDisposable, IWeighted
{
    private int _disposals;

    public int Number => number;

    public long WeightBytes => weight;

    public int Disposals => Volatile.Read(ref _disposals);

    public void Dispose() => Interlocked.Increment(ref _disposals);
}

/// <summary>Makes tracked items and remembers them.</summary>
public sealed class StrongBoxOfItems
{
    public ConcurrentBag<TrackedItem> All { get; } = [];

    public TrackedItem New(int number) => New(number, 0);

    public TrackedItem New(int number, long weight)
    {
        TrackedItem item = new(number, weight);
        All.Add(item);
        return item;
    }
}
