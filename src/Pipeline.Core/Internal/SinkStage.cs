namespace Pipeline.Core;

/// <summary>The end of a run as a stage: hands results to the user's sink, or disposes them when there is none.</summary>
internal sealed class SinkStage<T>(Func<T, CancellationToken, ValueTask>? sink) : IStage<T, bool>, IStageWorker<T, bool>
{
    public Func<T, CancellationToken, ValueTask>? Sink => sink;

    /// <summary>Gets the settings of the end behind a stage. As many results wait there as items in front of that stage, so that its workers find room, but not fewer than 64. Behind one that gives more or fewer, such as batches, the numbers have nothing to do with each other.</summary>
    public static StageSettings SettingsBehind(StageDefinition last) =>
        new("sink", Workers: 1, last.IsBoundary ? 64 : Math.Max(64, last.Settings.Capacity), StageOrder.Completion, FailurePolicy.Stop, IsCounted: false);

    /// <summary>Gets a value indicating whether it runs no code of the user, so that there is nothing to time.</summary>
    public bool IsEmpty => sink is null && !ItemTraits<T>.MayBeDisposable;

    public IStageWorker<T, bool> CreateWorker(StageWorkerContext context) => this;

    public ValueTask<bool> ProcessAsync(T item, CancellationToken cancellationToken)
    {
        ValueTask task = sink is not null ? sink(item, cancellationToken) : ItemTraits<T>.MayBeDisposable ? Dispose(item) : ValueTask.CompletedTask;
        if (!task.IsCompletedSuccessfully)
            return Await(task);
        task.GetAwaiter().GetResult();
        return new ValueTask<bool>(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ValueTask Dispose(T item)
    {
        if (item is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        (item as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    public static async ValueTask<bool> Await(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
