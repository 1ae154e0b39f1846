using Pipeline.Core;

namespace Pipeline.Imaging.Tests;

/// <summary>Runs stages by hand, one item at a time.</summary>
internal static class Drive
{
    public static StageWorkerContext Context { get; } = new("test", "stage", 0, CancellationToken.None);

    public static TOut Run<TIn, TOut>(IStage<TIn, TOut> stage, TIn item)
    {
        IStageWorker<TIn, TOut> worker = stage.CreateWorker(Context);
        TOut result = worker.ProcessAsync(item, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
        worker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return result;
    }

    public static Photo Decode(string path, DecodeOptions? options = null) => Run(new DecodePhoto(options), path);
}
