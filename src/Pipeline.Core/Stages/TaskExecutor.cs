namespace Pipeline.Core;

internal sealed class TaskExecutor : StageExecutor
{
    public override IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context) => stage.CreateWorker(context);
}
