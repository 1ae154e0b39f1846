namespace Pipeline.Core;

internal sealed class BatchDefinition<T>(StageSettings settings, BatchOptions limits) : StageDefinition(settings)
{
    public override bool IsBoundary => true;

    public override StageDefinition AddPrefix(string prefix) => new BatchDefinition<T>(Prefixed(prefix), limits);
    public override StageQueue CreateInput(RunContext run, int limitItems) => new StageQueue<T>(run, Settings.Capacity, limitItems);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place) => graph.Add(
        new BatchNode<T>(graph.Scheduler, Settings, limits, (StageQueue<T>)place.Input, (StageQueue<Batch<T>>)place.Output!));
}
