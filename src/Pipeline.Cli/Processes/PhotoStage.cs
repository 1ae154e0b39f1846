namespace Pipeline.Cli;

/// <summary>The stage that hands whole photos to worker processes. It reserves what decoding will need, like the stages in tasks.</summary>
internal sealed class PhotoStage(WorkerFunction<PhotoOrder, PhotoOutcome> function, PhotoJobSettings settings, Func<string, string> nameFor)
    : IStage<PhotoSource, StoredPhoto>, IWeightEstimator<PhotoSource>
{
    private readonly DecodePhoto _estimator = PhotoPipeline.Decoder(settings.Recipe);
    private int _workers; // Interlocked only

    public long EstimateWeightBytes(PhotoSource item) => _estimator.EstimateWeightBytes(item.Header);

    public IStageWorker<PhotoSource, StoredPhoto> CreateWorker(StageWorkerContext context) =>
        new Worker(this, Interlocked.Increment(ref _workers));

    private async ValueTask<StoredPhoto> CallAsync(PhotoSource item, int worker, CancellationToken cancellationToken)
    {
        PhotoOrder order = new(item, nameFor(item.Path), settings.OutputFolder, settings.Recipe, settings.Sharing, worker);
        PhotoOutcome outcome = await function.CallAsync(order, new WorkerCallOptions { Item = item.Path }, cancellationToken)
            .ConfigureAwait(false);
        return outcome.Stored
            ?? throw new FailedInWorkerException(outcome.FailedStage ?? "photo", outcome.Error ?? "unknown", outcome.StopReason);
    }

    private sealed class Worker(PhotoStage stage, int number) : IStageWorker<PhotoSource, StoredPhoto>
    {
        public ValueTask<StoredPhoto> ProcessAsync(PhotoSource item, CancellationToken cancellationToken) =>
            stage.CallAsync(item, number, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
