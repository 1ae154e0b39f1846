namespace Pipeline.Cli;

/// <summary>A stage whose failures are counted by a <see cref="FailureWatch"/>.</summary>
/// <typeparam name="TIn">The items that the stage takes.</typeparam>
/// <typeparam name="TOut">The results that it gives.</typeparam>
internal class WatchedStage<TIn, TOut> : IStage<TIn, TOut>
{
    private readonly IStage<TIn, TOut> _inner;

    private WatchedStage(IStage<TIn, TOut> inner, FailureWatch watch)
    {
        _inner = inner;
        Watch = watch;
    }

    private FailureWatch Watch { get; }

    /// <summary>Wraps a stage; one that estimates weights still does.</summary>
    public static IStage<TIn, TOut> Around(IStage<TIn, TOut> inner, FailureWatch watch) =>
        inner is IWeightEstimator<TIn> estimator
            ? new Estimating(inner, estimator, watch)
            : new WatchedStage<TIn, TOut>(inner, watch);

    public IStageWorker<TIn, TOut> CreateWorker(StageWorkerContext context) => new Worker(_inner.CreateWorker(context), Watch);

    private sealed class Estimating(IStage<TIn, TOut> inner, IWeightEstimator<TIn> estimator, FailureWatch watch)
        : WatchedStage<TIn, TOut>(inner, watch), IWeightEstimator<TIn>
    {
        public long EstimateWeightBytes(TIn item)
        {
            try
            {
                return estimator.EstimateWeightBytes(item);
            }
            catch (Exception e)
            {
                Watch.Failed(e);
                throw;
            }
        }
    }

    private sealed class Worker(IStageWorker<TIn, TOut> inner, FailureWatch watch) : IStageWorker<TIn, TOut>
    {
        public async ValueTask<TOut> ProcessAsync(TIn item, CancellationToken cancellationToken)
        {
            try
            {
                return await inner.ProcessAsync(item, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                watch.Failed(e);
                throw;
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
