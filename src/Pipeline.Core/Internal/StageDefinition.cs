namespace Pipeline.Core.Internal;

/// <summary>One stage of a definition, without its types.</summary>
internal abstract class StageDefinition(StageSettings settings)
{
    internal StageSettings Settings => settings;

    /// <summary>Gets a value indicating whether it gives more or fewer items than it takes, so that no order can be kept across it.</summary>
    internal virtual bool IsBoundary => false;

    /// <summary>Makes the same stage under another name, for a definition inside another.</summary>
    internal abstract StageDefinition Rename(string name);

    /// <summary>Makes the hop in front of this stage.</summary>
    internal abstract Hop CreateInput(int limitItems);

    internal abstract EngineNode CreateNode(RunEngine run, int workers, StagePlace place);
}
