namespace Pipeline.Cli;

/// <summary>The stage that hands whole photos to worker processes. It reserves what decoding will need, like the stages in tasks.</summary>
internal sealed class PhotoStage(
    WorkerFunction<PhotoOrder, PhotoOutcome> function, PhotoJobSettings settings, Func<string, string> nameFor, IWeightEstimator<string> estimator)
    : IStage<string, StoredPhoto>, IWeightEstimator<string>
{
    private int _workers; // Interlocked only

    /// <inheritdoc/>
    public long EstimateWeightBytes(string item) => estimator.EstimateWeightBytes(item);

    /// <inheritdoc/>
    public IStageWorker<string, StoredPhoto> CreateWorker(StageWorkerContext context) => new Worker(function, settings, nameFor, Interlocked.Increment(ref _workers));

    private sealed class Worker(WorkerFunction<PhotoOrder, PhotoOutcome> function, PhotoJobSettings settings, Func<string, string> nameFor, int number)
        : IStageWorker<string, StoredPhoto>
    {
        public async ValueTask<StoredPhoto> ProcessAsync(string item, CancellationToken cancellationToken)
        {
            PhotoOutcome outcome = await function.CallAsync(
                PhotoOrder.For(settings, item, nameFor(item), number), new WorkerCallOptions { Item = item }, cancellationToken).ConfigureAwait(false);
            if (outcome.Stored is { } stored)
                return stored;

            throw new FailedInWorkerException(outcome.FailedStage ?? "photo", outcome.Error ?? "unknown", outcome.StopReason);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
