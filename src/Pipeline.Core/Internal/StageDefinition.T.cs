namespace Pipeline.Core.Internal;

internal sealed class StageDefinition<TIn, TOut>(StageSettings settings, IStage<TIn, TOut> stage, Func<TIn, int>? keyHash = null) : StageDefinition(settings)
{
    internal override Hop CreateInput(int limitItems) => new Hop<TIn>(Settings.Capacity, limitItems, stage as IWeightEstimator<TIn>, keyHash);

    internal override StageDefinition Rename(string name) => new StageDefinition<TIn, TOut>(Settings with { Name = name }, stage, keyHash);

    internal override EngineNode CreateNode(RunEngine run, int workers, StagePlace place)
    {
        Hop<TIn> input = (Hop<TIn>)place.Input;
        StageOutput<TIn, TOut> output = new((Hop<TOut>?)place.Output, place.Exit, place.ReservesExit, place.MayOvertake);
        StageNode<TIn, TOut> node = new(run, Settings, workers, stage, input, output);
        input.Consumer = node;
        return node;
    }
}
