namespace Pipeline.Core;

internal sealed class StageDefinition<TIn, TOut>(StageSettings settings, IStage<TIn, TOut> stage, Func<TIn, int>? keyHash = null)
    : StageDefinition(settings)
{
    public override StageQueue CreateInput(RunContext run, int limitItems) =>
        new StageQueue<TIn>(run, Settings.Capacity, limitItems, stage as IWeightEstimator<TIn>, keyHash);

    public override StageDefinition AddPrefix(string prefix) => new StageDefinition<TIn, TOut>(Prefixed(prefix), stage, keyHash);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place)
    {
        StageOutput<TIn, TOut> output = new(
            (StageQueue<TOut>?)place.Output, place.Exit, place.ReservesExit, place.IsMeetingPoint, place.MayOvertake);
        return graph.Add(new StageNode<TIn, TOut>(graph.Scheduler, Settings, workers, stage, (StageQueue<TIn>)place.Input, output));
    }
}
