namespace Pipeline.Processes;

/// <summary>A stage whose bodies run in the worker processes of a pool.</summary>
/// <typeparam name="TIn">The items that the stage takes.</typeparam>
/// <typeparam name="TOut">The results that it gives.</typeparam>
/// <remarks>
/// To the run it is a stage like any other: order, budget, failure policy, retries and cancellation are the run's. An item that takes workers down fails with
/// <see cref="WorkerCrashedException"/> after <see cref="ProcessPoolOptions.MaxWorkerDeathsPerCall"/>; a canceled or timed-out item ends with its worker. Give
/// the stage as many workers as the pool has.
/// </remarks>
public sealed class WorkerStage<TIn, TOut> : IStage<TIn, TOut>
{
    private readonly WorkerFunction<TIn, TOut> _function;
    private readonly Func<TIn, WorkerCallOptions?>? _options;

    /// <summary>Initializes a new instance of the <see cref="WorkerStage{TIn, TOut}"/> class.</summary>
    /// <param name="function">The function that processes an item.</param>
    /// <param name="options">Gives the deadline, name and progress of an item's call; null for none. The item's text is its name then.</param>
    public WorkerStage(WorkerFunction<TIn, TOut> function, Func<TIn, WorkerCallOptions?>? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        _function = function;
        _options = options;
    }

    /// <inheritdoc/>
    public IStageWorker<TIn, TOut> CreateWorker(StageWorkerContext context) => new Worker(_function, _options);

    private sealed class Worker(WorkerFunction<TIn, TOut> function, Func<TIn, WorkerCallOptions?>? options) : IStageWorker<TIn, TOut>
    {
        public async ValueTask<TOut> ProcessAsync(TIn item, CancellationToken cancellationToken)
        {
            WorkerCallOptions? call = options is null ? new WorkerCallOptions { Item = item?.ToString() } : options(item);
            TOut result = await function.CallAsync(item, call, cancellationToken).ConfigureAwait(false);

            // What the worker process got is a copy; this side is done with the item.
            if (item is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            else if (item is IDisposable disposable)
                disposable.Dispose();
            return result;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
