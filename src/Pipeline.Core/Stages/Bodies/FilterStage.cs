namespace Pipeline.Core;

/// <summary>A stage that hands on the items that a predicate keeps: its workers give every item back and say beside it whether it is dropped.</summary>
internal sealed class FilterStage<T>(Func<T, CancellationToken, ValueTask<bool>> predicate) : IStage<T, T>, IBodyStage
{
    public Delegate Body => predicate;

    public IStageWorker<T, T> CreateWorker(StageWorkerContext context) => new Worker(predicate);

    private sealed class Worker(Func<T, CancellationToken, ValueTask<bool>> predicate) : IStageWorker<T, T>, IDroppingWorker
    {
        public ItemOutcome? Dropped { get; private set; }

        public ValueTask<T> ProcessAsync(T item, CancellationToken cancellationToken)
        {
            ValueTask<bool> keeps = predicate(item, cancellationToken);
            if (!keeps.IsCompletedSuccessfully)
                return AwaitAsync(keeps, item);
            Dropped = keeps.Result ? null : ItemOutcome.Skipped;
            return new ValueTask<T>(item);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async ValueTask<T> AwaitAsync(ValueTask<bool> keeps, T item)
        {
            Dropped = await keeps.ConfigureAwait(false) ? null : ItemOutcome.Skipped;
            return item;
        }
    }
}
