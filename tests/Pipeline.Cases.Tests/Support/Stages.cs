using Pipeline.Core;

namespace Pipeline.Cases.Tests;

/// <summary>Runs stages of the library by hand.</summary>
internal static class Stages
{
    private static readonly StageWorkerContext s_context = new("cases", "stage", 0, CancellationToken.None);

    public static TOut Run<TIn, TOut>(IStage<TIn, TOut> stage, TIn item)
    {
        IStageWorker<TIn, TOut> worker = stage.CreateWorker(s_context);
        TOut result = worker.ProcessAsync(item, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        worker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return result;
    }
}
