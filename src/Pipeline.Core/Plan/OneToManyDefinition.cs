namespace Pipeline.Core;

internal sealed class OneToManyDefinition<TIn, TOut>(StageSettings settings, Func<TIn, ItemSource<TOut>?> expand)
    : StageDefinition(settings)
{
    public override bool IsBoundary => true;

    public override StageDefinition AddPrefix(string prefix) => new OneToManyDefinition<TIn, TOut>(Prefixed(prefix), expand);
    public override StageQueue CreateInput(RunContext run, int limitItems) => new StageQueue<TIn>(run, Settings.Capacity, limitItems);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place) => graph.Add(new OneToManyNode<TIn, TOut>(
        graph.Scheduler, Settings, workers, expand, (StageQueue<TIn>)place.Input, (StageQueue<TOut>)place.Output!));
}
