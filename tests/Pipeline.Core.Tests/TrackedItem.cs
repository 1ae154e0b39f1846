using System.Collections.Concurrent;

namespace Pipeline.Core.Tests;

/// <summary>An item that counts its disposals and tells its weight.</summary>
public sealed class TrackedItem(int number, long weight = 0, long code = 0) : IDisposable, IWeighted
{
    private int _disposals;
    private bool _isDelivered; // Volatile only

    public int Number => number;

    /// <summary>Gets or sets a value indicating whether a consumer has it, who owns it from then on.</summary>
    public bool IsDelivered
    {
        get => Volatile.Read(ref _isDelivered);
        set => Volatile.Write(ref _isDelivered, value);
    }

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
