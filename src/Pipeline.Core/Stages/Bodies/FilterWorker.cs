namespace Pipeline.Core;

/// <summary>Gives every item back and says beside it whether the stage keeps it.</summary>
internal sealed class FilterWorker<T>(Func<T, CancellationToken, ValueTask<bool>> predicate) : IStageWorker<T, T>, IDroppingWorker
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
