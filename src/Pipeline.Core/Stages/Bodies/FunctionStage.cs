namespace Pipeline.Core;

/// <summary>A stage whose body is a plain function.</summary>
internal sealed class FunctionStage<TIn, TOut>(Func<TIn, TOut> body) : IStage<TIn, TOut>, IStageWorker<TIn, TOut>, IBodyStage
{
    public Func<TIn, TOut> Function => body;
    public Delegate Body => body;

    public IStageWorker<TIn, TOut> CreateWorker(StageWorkerContext context) => this;
    public ValueTask<TOut> ProcessAsync(TIn item, CancellationToken cancellationToken) => new(body(item));
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
