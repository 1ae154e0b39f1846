namespace Pipeline.Core;

/// <summary>Processes the items of one worker of a stage.</summary>
/// <typeparam name="TIn">The items that the stage takes.</typeparam>
/// <typeparam name="TOut">The results that it gives.</typeparam>
/// <remarks>
/// One worker never processes two items at the same time, so its fields need no locks.
/// <para>
/// Ownership: when <see cref="ProcessAsync"/> returns, the worker has taken over the item: it has passed it on inside the result or disposed it. When it
/// throws, the item still belongs to the run, which may try it again or dispose it; so a worker disposes an item only after everything that can fail.
/// </para>
/// </remarks>
public interface IStageWorker<in TIn, TOut> : IAsyncDisposable
{
    /// <summary>Processes one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Canceled when the run aborts or the item's time is up.</param>
    /// <returns>The result. A worker that does CPU work computes it on the calling thread and returns it completed.</returns>
    ValueTask<TOut> ProcessAsync(TIn item, CancellationToken cancellationToken);
}
