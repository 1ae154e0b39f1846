using System.Collections.Immutable;

namespace Pipeline.Core;

/// <summary>A broadcast or a route with its branches. The definition behind it in the list is the stage where they meet.</summary>
/// <param name="settings">Its options, which the stage behind it shares.</param>
/// <param name="branches">The branches; at least one.</param>
/// <param name="route">Says which branch gets an item, <see cref="SplitNode{T}.Unmatched"/> for none; null to give it to all.</param>
/// <param name="createSlot">Makes the slot of an item, when the branches are joined; null when they are merged.</param>
internal sealed class SplitDefinition<T>(StageSettings settings, ImmutableArray<BranchDefinition> branches, Func<T, int>? route, Func<JoinSlot>? createSlot) : StageDefinition(settings)
{
    public override bool IsBoundary => true;

    public override bool GivesOnePerItem => createSlot is not null || (route is not null && branches.All(static branch => branch.GivesOnePerItem));

    public override IEnumerable<string> Names => [Settings.Name, .. branches.SelectMany(static branch => branch.Stages).SelectMany(static stage => stage.Names)];

    private bool KeepsOrder => Settings.Order == StageOrder.Input;

    private int PartsPerItem => route is null ? branches.Length : 1;

    public override StageDefinition AddPrefix(string prefix) =>
        new SplitDefinition<T>(Prefixed(prefix), [.. branches.Select(branch => branch.AddPrefix(prefix))], route, createSlot);

    public override long Held(int defaultWorkers) => base.Held(defaultWorkers) + branches.Sum(branch => branch.Held(defaultWorkers));

    public override long Reach(int defaultWorkers)
    {
        if (createSlot is not null)
            return branches.Max(branch => branch.Held(defaultWorkers)) + 1;
        return KeepsOrder ? branches.Sum(branch => branch.Held(defaultWorkers)) + PartsPerItem : branches.Sum(branch => branch.Stages[^1].Reach(defaultWorkers));
    }

    public override Hop CreateInput(RunContext run, int limitItems) => new Hop<T>(run, Settings.Capacity, limitItems, keyHash: route);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place)
    {
        SplitNode<T> node = new(graph.Scheduler, Settings, (Hop<T>)place.Input, route is not null, place.MayOvertake);
        place.Input.Consumer = node;
        graph.Add(node);
        Hop hop = place.Output!;
        Meeting meeting = createSlot is null
            ? new MergeMeeting(graph.Run, hop, PartsPerItem, KeepsOrder, restores: GivesOnePerItem)
            : new JoinMeeting(graph.Run, (Hop<JoinSlot>)hop, branches.Length, KeepsOrder, createSlot);
        hop.Meeting = meeting;
        node.Connect([.. branches.Select(branch => (Hop<T>)branch.AddTo(graph, Settings.Name, hop, meeting, KeepsOrder, isAged: !place.MayOvertake))], meeting);
        return node;
    }
}
