namespace Pipeline.Core;

internal sealed class DedicatedThreadExecutor : StageExecutor
{
    public override IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context) => new ThreadWorker<TIn, TOut>(stage, context);
}
