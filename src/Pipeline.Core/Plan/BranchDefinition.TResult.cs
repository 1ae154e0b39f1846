using System.Collections.Immutable;

namespace Pipeline.Core;

/// <param name="stages">The stages; at least one.</param>
/// <param name="put">Puts a result into the item's slot of a join; null in a merge.</param>
internal sealed class BranchDefinition<TResult>(ImmutableArray<StageDefinition> stages, Action<JoinSlot, TResult>? put) : BranchDefinition(stages)
{
    public override BranchDefinition AddPrefix(string prefix) => new BranchDefinition<TResult>([.. Stages.Select(stage => stage.AddPrefix(prefix))], put);

    public override Hop AddTo(RunGraph graph, string shape, Hop meetingHop, Meeting meeting, bool keepsOrder, bool isAged)
    {
        if (put is null)
            return graph.AddChain(Stages, new ChainEnd(meetingHop, IsMeeting: keepsOrder, IsBranch: true), isAged);

        // What is put into the slots waits there, so nothing ever waits in this hop.
        Hop<TResult> end = new(graph.Run, capacityItems: 1, limitItems: int.MaxValue / 2);
        Hop first = graph.AddChain(Stages, new ChainEnd(end, IsMeeting: false, IsBranch: true), isAged);
        JoinInput<TResult> input = new(graph.Scheduler, shape, end, (JoinMeeting)meeting, put);
        end.Consumer = input;
        graph.Add(input);
        return first;
    }
}
