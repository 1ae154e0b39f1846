using Pipeline.Cli.CommandLine;
using Pipeline.Core;
using Pipeline.Imaging;

namespace Pipeline.Cli.Processes;

/// <summary>The stage that hands whole photos to worker processes. It reserves what decoding will need, like the stages in tasks.</summary>
internal sealed class PhotoStage(
    WorkerFunction<PhotoOrder, PhotoOutcome> function, PhotoJobSettings settings, Func<string, string> nameFor, IWeightEstimator<string> estimator)
    : IStage<string, StoredPhoto>, IWeightEstimator<string>
{
    /// <inheritdoc/>
    public long EstimateWeightBytes(string item) => estimator.EstimateWeightBytes(item);

    /// <inheritdoc/>
    public IStageWorker<string, StoredPhoto> CreateWorker(StageWorkerContext context) => new Worker(function, settings, nameFor);

    private sealed class Worker(WorkerFunction<PhotoOrder, PhotoOutcome> function, PhotoJobSettings settings, Func<string, string> nameFor)
        : IStageWorker<string, StoredPhoto>
    {
        public async ValueTask<StoredPhoto> ProcessAsync(string item, CancellationToken cancellationToken)
        {
            PhotoOutcome outcome = await function.CallAsync(
                PhotoOrder.For(settings, item, nameFor(item)), new WorkerCallOptions { Item = item }, cancellationToken).ConfigureAwait(false);
            if (outcome.Stored is { } stored)
                return stored;

            // A full disk stops the run, so it must look here as it did there.
            string message = outcome.Error ?? "unknown";
            throw outcome.DiskIsFull
                ? new PhotoException(outcome.File ?? item, PhotoFailure.StoreFailed, message, new IOException(message, OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28))
                : new FailedInWorkerException(outcome.FailedStage ?? "photo", message);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
