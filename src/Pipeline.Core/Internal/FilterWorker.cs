namespace Pipeline.Core.Internal;

/// <summary>Gives every item back and says beside it whether the stage keeps it.</summary>
internal sealed class FilterWorker<T>(Func<T, CancellationToken, ValueTask<bool>> predicate) : IStageWorker<T, T>
{
    /// <summary>Gets a value indicating whether the item that was processed last is to be dropped.</summary>
    internal bool IsDropping { get; private set; }

    public ValueTask<T> ProcessAsync(T item, CancellationToken cancellationToken)
    {
        ValueTask<bool> keeps = predicate(item, cancellationToken);
        if (!keeps.IsCompletedSuccessfully)
            return AwaitAsync(keeps, item);
        IsDropping = !keeps.Result;
        return new ValueTask<T>(item);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> AwaitAsync(ValueTask<bool> keeps, T item)
    {
        IsDropping = !await keeps.ConfigureAwait(false);
        return item;
    }
}
