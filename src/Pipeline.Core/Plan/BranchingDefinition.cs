namespace Pipeline.Core;

/// <summary>A broadcast or a route with its branches. The definition behind it in the list is the stage where they meet.</summary>
/// <param name="settings">Its options, which the stage behind it shares.</param>
/// <param name="branches">The branches; at least one.</param>
/// <param name="route">Says which branch gets an item, <see cref="BranchNode{T}.Unmatched"/> for none; null to give it to all.</param>
/// <param name="createSlot">Makes the slot of an item, when the branches are joined; null when they are merged.</param>
internal sealed class BranchingDefinition<T>(
    StageSettings settings, ImmutableArray<BranchDefinition> branches, Func<T, int>? route, Func<JoinSlot>? createSlot)
    : StageDefinition(settings)
{
    public override bool IsBoundary => true;
    public override bool GivesOnePerItem =>
        createSlot is not null || (route is not null && branches.All(static branch => branch.GivesOnePerItem));
    public override IEnumerable<string> Names =>
        [Settings.Name, .. branches.SelectMany(static branch => branch.Stages).SelectMany(static stage => stage.Names)];
    private bool KeepsOrder => Settings.Order == StageOrder.Input;
    private int PartsPerItem => route is null ? branches.Length : 1;

    public override StageDefinition AddPrefix(string prefix) =>
        new BranchingDefinition<T>(Prefixed(prefix), [.. branches.Select(branch => branch.AddPrefix(prefix))], route, createSlot);

    public override long Held(int defaultWorkers) => base.Held(defaultWorkers) + branches.Sum(branch => branch.Held(defaultWorkers));

    public override long Reach(int defaultWorkers)
    {
        if (createSlot is not null)
            return branches.Max(branch => branch.Held(defaultWorkers)) + 1;
        return KeepsOrder ? branches.Sum(branch => branch.Held(defaultWorkers)) + PartsPerItem
            : branches.Sum(branch => branch.Stages[^1].Reach(defaultWorkers));
    }

    public override StageQueue CreateInput(RunContext run, int limitItems) =>
        new StageQueue<T>(run, Settings.Capacity, limitItems, keyHash: route);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place)
    {
        BranchNode<T> node = graph.Add(
            new BranchNode<T>(graph.Scheduler, Settings, (StageQueue<T>)place.Input, route is not null, place.MayOvertake));
        StageQueue queue = place.Output!;
        MeetingPoint meetingPoint = createSlot is null
            ? new MergePoint(graph.Run, queue, PartsPerItem, KeepsOrder, restores: GivesOnePerItem)
            : new JoinPoint(graph.Run, (StageQueue<JoinSlot>)queue, branches.Length, KeepsOrder, createSlot);
        queue.MeetingPoint = meetingPoint;
        IEnumerable<StageQueue> firsts = branches.Select(
            branch => branch.AddTo(graph, Settings.Name, queue, meetingPoint, KeepsOrder, isInSourceOrder: !place.MayOvertake));
        node.Connect([.. firsts.Cast<StageQueue<T>>()], meetingPoint);
        return node;
    }
}
