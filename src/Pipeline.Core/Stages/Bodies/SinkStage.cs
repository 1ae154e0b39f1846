namespace Pipeline.Core;

/// <summary>The end of a run as a stage: hands results to the user's sink, or disposes them when there is none.</summary>
internal sealed class SinkStage<T>(Func<T, CancellationToken, ValueTask>? sink) : IStage<T, bool>, IStageWorker<T, bool>
{
    public Func<T, CancellationToken, ValueTask>? Sink => sink;

    /// <summary>Gets a value indicating whether it runs no code of the user, so that there is nothing to time.</summary>
    public bool IsEmpty => sink is null && !ItemTraits<T>.MayBeDisposable;

    public IStageWorker<T, bool> CreateWorker(StageWorkerContext context) => this;

    public ValueTask<bool> ProcessAsync(T item, CancellationToken cancellationToken)
    {
        ValueTask task = sink is not null ? sink(item, cancellationToken) : ItemTraits<T>.MayBeDisposable ? Disposal.DisposeAsync(item)
            : ValueTask.CompletedTask;
        if (!task.IsCompletedSuccessfully)
            return Await(task);
        task.GetAwaiter().GetResult();
        return new ValueTask<bool>(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static async ValueTask<bool> Await(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
