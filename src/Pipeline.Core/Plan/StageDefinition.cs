namespace Pipeline.Core;

/// <summary>One stage of a definition, without its types.</summary>
internal abstract class StageDefinition(StageSettings settings)
{
    public StageSettings Settings => settings;
    public virtual bool IsBoundary => false; // whether it gives more or fewer items than it takes, so that no order can be kept across it
    public virtual bool GivesOnePerItem => !IsBoundary; // whether it gives at most one result for an item
    public virtual IEnumerable<string> Names => [settings.Name]; // its name and those of the stages inside it

    /// <summary>Makes the same stage named <c>prefix/stage</c>, for a definition inside another.</summary>
    public abstract StageDefinition AddPrefix(string prefix);

    /// <summary>Says how many items it holds at most: waiting in front of it and in the hands of its workers.</summary>
    public virtual long Held(int defaultWorkers) => settings.Capacity + Workers(defaultWorkers);

    /// <summary>Says how many items may be on their way to the queue behind it beside those that the queue's capacity allows.</summary>
    public virtual long Reach(int defaultWorkers) => Workers(defaultWorkers);

    /// <summary>Makes the settings of the end of a run behind this stage.</summary>
    /// <remarks>As many results wait there as items in front of this stage, so that its workers find room, but not fewer than 64. Behind a stage that gives
    /// more or fewer, such as batches, the numbers have nothing to do with each other.</remarks>
    public StageSettings SettingsOfEnd() =>
        new(
            "sink", Workers: 1, IsBoundary ? 64 : Math.Max(64, settings.Capacity), StageOrder.Completion, FailurePolicy.Stop,
            CountsAgainstWorkers: false);

    /// <summary>Makes the queue in front of this stage.</summary>
    public abstract StageQueue CreateInput(RunContext run, int limitItems);

    /// <summary>Makes its nodes.</summary>
    /// <returns>The node that takes its items.</returns>
    public abstract EngineNode AddNodes(RunGraph graph, int workers, StagePlace place);

    private protected int Workers(int defaultWorkers) => settings.Workers ?? defaultWorkers;
    private protected StageSettings Prefixed(string prefix) => settings with { Name = $"{prefix}/{settings.Name}" };
}
