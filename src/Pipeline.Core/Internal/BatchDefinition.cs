namespace Pipeline.Core;

internal sealed class BatchDefinition<T>(StageSettings settings, BatchLimits limits) : StageDefinition(settings)
{
    internal override bool IsBoundary => true;

    internal override StageDefinition AddPrefix(string prefix) => new BatchDefinition<T>(Prefixed(prefix), limits);

    internal override Hop CreateInput(int limitItems) => new Hop<T>(Settings.Capacity, limitItems, estimator: null);

    internal override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place)
    {
        BatchNode<T> node = new(graph.Run, Settings, limits, (Hop<T>)place.Input, (Hop<Batch<T>>)place.Output!);
        place.Input.Consumer = node;
        graph.Add(node);
        return node;
    }
}
