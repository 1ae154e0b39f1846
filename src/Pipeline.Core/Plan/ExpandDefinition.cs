namespace Pipeline.Core;

internal sealed class ExpandDefinition<TIn, TOut>(StageSettings settings, Func<TIn, ItemSource<TOut>?> expand) : StageDefinition(settings)
{
    public override bool IsBoundary => true;

    public override StageDefinition AddPrefix(string prefix) => new ExpandDefinition<TIn, TOut>(Prefixed(prefix), expand);

    public override Hop CreateInput(RunContext run, int limitItems) => new Hop<TIn>(run, Settings.Capacity, limitItems);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place)
    {
        ExpandNode<TIn, TOut> node = new(graph.Scheduler, Settings, workers, expand, (Hop<TIn>)place.Input, (Hop<TOut>)place.Output!);
        place.Input.Consumer = node;
        graph.Add(node);
        return node;
    }
}
