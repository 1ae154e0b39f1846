namespace Pipeline.Core;

/// <summary>Feeds a run item by item, for services. Made by <see cref="StagedPipeline{TIn, TOut}.StartPush"/>.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <remarks>Thread-safe; any number of writers. Items of one writer keep their order.</remarks>
public sealed class PipelineInput<T>
{
    private readonly PushSource<T> _source;

    internal PipelineInput(PushSource<T> source) => _source = source;

    /// <summary>Gives an item to the run and waits until the run has taken it, which is the back-pressure.</summary>
    /// <param name="item">The item. Once it is taken it belongs to the run, which finishes or reports it in any case.</param>
    /// <param name="cancellationToken">Gives up waiting; the item was then not taken.</param>
    /// <returns>The moment when the run has taken the item.</returns>
    /// <exception cref="InvalidOperationException">The input is completed, or the run drains, stops or has ended. The item was not taken.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before the item was taken.</exception>
    public ValueTask WriteAsync(T item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return _source.WriteAsync(item, cancellationToken);
    }

    /// <summary>Says that no further item will come; the run ends when all are finished. Does nothing the second time.</summary>
    public void Complete() => _source.Complete();
}
