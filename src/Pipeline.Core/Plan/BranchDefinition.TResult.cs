namespace Pipeline.Core;

/// <param name="stages">The stages; at least one.</param>
/// <param name="put">Puts a result into the item's slot of a join; null in a merge.</param>
internal sealed class BranchDefinition<TResult>(ImmutableArray<StageDefinition> stages, Action<JoinSlot, TResult>? put)
    : BranchDefinition(stages)
{
    public override BranchDefinition AddPrefix(string prefix) =>
        new BranchDefinition<TResult>([.. Stages.Select(stage => stage.AddPrefix(prefix))], put);

    public override StageQueue AddTo(
        RunGraph graph, string shape, StageQueue meetingQueue, MeetingPoint meetingPoint, bool keepsOrder, bool isInSourceOrder)
    {
        if (put is null)
            return graph.AddChain(Stages, new ChainEnd(meetingQueue, IsMeetingPoint: keepsOrder, IsBranch: true), isInSourceOrder);

        // What is put into the slots waits there, so nothing ever waits in this queue.
        StageQueue<TResult> end = new(graph.Run, capacityItems: 1, limitItems: int.MaxValue / 2);
        StageQueue first = graph.AddChain(Stages, new ChainEnd(end, IsMeetingPoint: false, IsBranch: true), isInSourceOrder);
        graph.Add(new JoinInput<TResult>(graph.Scheduler, shape, end, (JoinPoint)meetingPoint, put));
        return first;
    }
}
