namespace Pipeline.Core;

/// <summary>A stage that hands on the items that a predicate keeps.</summary>
internal sealed class FilterStage<T>(Func<T, CancellationToken, ValueTask<bool>> predicate) : IStage<T, T>, IBodyStage
{
    public Delegate Body => predicate;

    public IStageWorker<T, T> CreateWorker(StageWorkerContext context) => new FilterWorker<T>(predicate);
}
