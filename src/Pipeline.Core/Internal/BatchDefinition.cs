namespace Pipeline.Core.Internal;

internal sealed class BatchDefinition<T>(StageSettings settings, BatchLimits limits) : StageDefinition(settings)
{
    internal override bool IsBoundary => true;

    internal override StageDefinition Rename(string name) => new BatchDefinition<T>(Settings with { Name = name }, limits);

    internal override Hop CreateInput(int limitItems) => new Hop<T>(Settings.Capacity, limitItems, estimator: null);

    internal override EngineNode CreateNode(RunEngine run, int workers, StagePlace place)
    {
        BatchNode<T> node = new(run, Settings, limits, (Hop<T>)place.Input, (Hop<Batch<T>>)place.Output!);
        place.Input.Consumer = node;
        return node;
    }
}
