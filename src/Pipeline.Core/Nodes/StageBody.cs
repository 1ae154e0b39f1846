namespace Pipeline.Core;

/// <summary>The user's code of one worker of a stage, and the shortest way to call it.</summary>
internal sealed class StageBody<TIn, TOut>
{
    public readonly IStageWorker<TIn, TOut> Worker;
    public readonly Func<TIn, TOut>? Function; // the code, when it is a plain function and nothing is to be asked per item
    public readonly Func<TIn, CancellationToken, ValueTask>? Sink; // the user's sink, when the code is one
    public readonly IDroppingWorker? Dropper; // the code, when it may give no result

    public StageBody(StageNode<TIn, TOut> node, int workerIndex)
    {
        StageWorkerContext context = new(node.Run.PipelineName, node.Name, workerIndex, node.Run.Cancellation)
        {
            Body = (node.Stage as IBodyStage)?.Body,
            IsFilter = node.Stage is FilterStage<TIn>,
            Spare = node.Run.Ledger.SpareWorkersPerItem,
        };
        Worker = node.Settings.Executor.CreateWorker(node.Stage, context)
            ?? throw new InvalidOperationException($"Stage '{node.Name}' returned null from CreateWorker. Return a worker object.");
        Dropper = Worker as IDroppingWorker;
        Sink = (Worker as SinkStage<TIn>)?.Sink;
        bool asksPerItem = node.Settings.ItemTimeout is not null || node.SlowDown > 0 || node.HasEstimateErrors
            || ItemTraits<TOut>.MayBeWeighted || node.Output.Queue is { Estimates: true };
        if (!asksPerItem)
            Function = (Worker as FunctionStage<TIn, TOut>)?.Function;
    }
}
