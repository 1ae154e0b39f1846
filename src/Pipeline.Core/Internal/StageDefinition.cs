namespace Pipeline.Core.Internal;

/// <summary>One stage of a definition, without its types.</summary>
internal abstract class StageDefinition(StageSettings settings)
{
    internal StageSettings Settings => settings;

    /// <summary>Makes the hop in front of this stage.</summary>
    internal abstract Hop CreateInput(int limitItems);

    internal abstract EngineNode CreateNode(RunEngine run, int workers, StagePlace place);
}

/// <summary>Where a stage stands in a graph; see <see cref="StageOutput{TIn, TOut}"/>.</summary>
internal readonly record struct StagePlace(Hop Input, Hop? Output, Hop? Exit, bool ReservesExit, bool MayOvertake);
