namespace Pipeline.Core;

/// <summary>A stage whose body is a delegate; it has no state, so all workers are the same object.</summary>
internal sealed class DelegateStage<TIn, TOut>(Func<TIn, CancellationToken, ValueTask<TOut>> body)
    : IStage<TIn, TOut>, IStageWorker<TIn, TOut>, IBodyStage
{
    public Delegate Body => body;

    public IStageWorker<TIn, TOut> CreateWorker(StageWorkerContext context) => this;
    public ValueTask<TOut> ProcessAsync(TIn item, CancellationToken cancellationToken) => body(item, cancellationToken);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
