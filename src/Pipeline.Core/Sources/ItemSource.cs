namespace Pipeline.Core;

/// <summary>Where a run takes its items from. Used by one thread of control at a time.</summary>
internal abstract class ItemSource<T> : IAsyncDisposable
{
    public virtual long? Count => null; // how many items it will give; null when unknown
    public abstract T Current { get; } // the item that MoveNextAsync found
    public virtual string? CurrentKey => null; // the key of Current in the run's journal; null without one

    /// <summary>Goes on to the next item.</summary>
    /// <param name="stop">Canceled when the run wants no further item.</param>
    public abstract ValueTask<bool> MoveNextAsync(CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
