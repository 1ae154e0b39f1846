namespace Pipeline.Core;

/// <summary>Where a run takes its items from. Used by one thread of control at a time.</summary>
internal abstract class ItemSource<T> : IAsyncDisposable
{
    /// <summary>Gets how many items it will give; null when unknown.</summary>
    public virtual long? Count => null;

    /// <summary>Gets the item that <see cref="MoveNextAsync"/> found.</summary>
    public abstract T Current { get; }

    /// <summary>Gets the key of <see cref="Current"/> in the run's journal; null without one.</summary>
    public virtual string? CurrentKey => null;

    /// <summary>Goes on to the next item.</summary>
    /// <param name="stop">Canceled when the run wants no further item.</param>
    public abstract ValueTask<bool> MoveNextAsync(CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
