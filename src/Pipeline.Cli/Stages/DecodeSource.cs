namespace Pipeline.Cli;

/// <summary>The decoder for items that carry their header: what a photo will need is estimated without opening it.</summary>
internal sealed class DecodeSource(DecodePhoto decode) : IStage<PhotoSource, Photo>, IWeightEstimator<PhotoSource>
{
    public long EstimateWeightBytes(PhotoSource item) => decode.EstimateWeightBytes(item.Header);

    public IStageWorker<PhotoSource, Photo> CreateWorker(StageWorkerContext context) => new Worker(decode.CreateWorker(context));

    private sealed class Worker(IStageWorker<string, Photo> inner) : IStageWorker<PhotoSource, Photo>
    {
        public ValueTask<Photo> ProcessAsync(PhotoSource item, CancellationToken cancellationToken) =>
            inner.ProcessAsync(item.Path, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
