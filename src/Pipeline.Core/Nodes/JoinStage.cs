namespace Pipeline.Core;

/// <summary>Puts the results of the branches together; disposes them when a branch gave none.</summary>
internal sealed class JoinStage<TNext>(Func<JoinSlot, TNext> join) : IStage<JoinSlot, TNext>
{
    public IStageWorker<JoinSlot, TNext> CreateWorker(StageWorkerContext context) => new Worker(join);

    private sealed class Worker(Func<JoinSlot, TNext> join) : IStageWorker<JoinSlot, TNext>, IDroppingWorker
    {
        public ItemOutcome? Dropped { get; private set; }

        public ValueTask<TNext> ProcessAsync(JoinSlot item, CancellationToken cancellationToken)
        {
            Dropped = item.Broken;
            return Dropped is null ? new ValueTask<TNext>(join(item)) : DropAsync(item);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static async ValueTask<TNext> DropAsync(JoinSlot slot)
        {
            await slot.DisposeAsync().ConfigureAwait(false);
            return default!;
        }
    }
}
