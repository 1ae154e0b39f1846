namespace Pipeline.Core.Internal;

internal sealed class ExpandDefinition<TIn, TOut>(StageSettings settings, Func<TIn, ItemSource<TOut>> expand) : StageDefinition(settings)
{
    internal override bool IsBoundary => true;

    internal override StageDefinition Rename(string name) => new ExpandDefinition<TIn, TOut>(Settings with { Name = name }, expand);

    internal override Hop CreateInput(int limitItems) => new Hop<TIn>(Settings.Capacity, limitItems, estimator: null);

    internal override EngineNode CreateNode(RunEngine run, int workers, StagePlace place)
    {
        ExpandNode<TIn, TOut> node = new(run, Settings, workers, expand, (Hop<TIn>)place.Input, (Hop<TOut>)place.Output!);
        place.Input.Consumer = node;
        return node;
    }
}
