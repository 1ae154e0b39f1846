namespace Pipeline.Core;

/// <summary>The stages of one branch, without their types.</summary>
internal abstract class BranchDefinition(ImmutableArray<StageDefinition> stages)
{
    public ImmutableArray<StageDefinition> Stages => stages;

    /// <summary>Gets a value indicating whether it gives at most one result for an item, so that results can be matched with items.</summary>
    public bool GivesOnePerItem => stages.All(static stage => stage.GivesOnePerItem);

    /// <summary>Makes the same branch with its stages named <c>prefix/stage</c>.</summary>
    public abstract BranchDefinition AddPrefix(string prefix);

    /// <summary>Says how many items its stages hold at most.</summary>
    public long Held(int defaultWorkers) => stages.Sum(stage => stage.Held(defaultWorkers));

    /// <summary>Makes the nodes of the branch for a run.</summary>
    /// <returns>The queue in front of its first stage.</returns>
    public abstract StageQueue AddTo(
        RunGraph graph, string shape, StageQueue meetingQueue, MeetingPoint meetingPoint, bool keepsOrder, bool isInSourceOrder);
}
