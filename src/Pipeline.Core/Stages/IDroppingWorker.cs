namespace Pipeline.Core;

/// <summary>A worker that may give no result for an item.</summary>
internal interface IDroppingWorker
{
    /// <summary>Gets what becomes of the item that was processed last; null when its result goes on.</summary>
    ItemOutcome? Dropped { get; }
}
