namespace Pipeline.Core;

/// <summary>Turns stage definitions into the nodes and queues of one run.</summary>
internal sealed class RunGraph(Scheduler scheduler)
{
    public Scheduler Scheduler => scheduler;
    public RunContext Run => scheduler.Run;
    private int MostWorkers => Run.Settings.MostWorkers;
    public List<EngineNode> Nodes { get; } = []; // the nodes in order of flow

    public TNode Add<TNode>(TNode node)
        where TNode : EngineNode
    {
        Nodes.Add(node);
        return node;
    }

    /// <summary>Tells the nodes that a node further down holds items back. Branches count as one behind the other, which is on the safe side.</summary>
    public void MarkNodesBeforeHoldBack()
    {
        bool isBefore = false;
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            Nodes[i].IsBeforeHoldBack = isBefore;
            isBefore |= Nodes[i].HoldsItemsBack;
        }
    }

    /// <summary>Makes the nodes of stages one behind the other.</summary>
    /// <param name="stages">The stages; at least one.</param>
    /// <param name="end">Where their results go.</param>
    /// <param name="isInSourceOrder">True when the items come in the order in which the source gave them.</param>
    /// <returns>The queue in front of the first stage.</returns>
    public StageQueue AddChain(IReadOnlyList<StageDefinition> stages, ChainEnd end, bool isInSourceOrder)
    {
        StageQueue[] inputs = [.. stages.Select((stage, i) => stage.CreateInput(Run, Limit(stages, i, end.IsBranch)))];
        bool isRegionInSourceOrder = isInSourceOrder;
        for (int i = 0; i < stages.Count; i++)
        {
            StageDefinition stage = stages[i];
            bool beginsRegion = BeginsRegion(stages, i);
            if (beginsRegion)
                isRegionInSourceOrder = isInSourceOrder;
            StageQueue? output = i + 1 < stages.Count ? inputs[i + 1] : end.Output;
            StageQueue? exit = Exit(stages, i, inputs, end, out bool isMeetingPoint);
            bool reservesExit = exit is not null && !isMeetingPoint && beginsRegion;
            StagePlace place = new(inputs[i], output, exit, reservesExit, isMeetingPoint, MayOvertake: !isInSourceOrder);
            EngineNode node = stage.AddNodes(this, stage.Settings.Workers ?? MostWorkers, place);
            output?.Producers.Add(node);
            isInSourceOrder = IsOrdered(stage) && (stage.IsBoundary ? isInSourceOrder : isRegionInSourceOrder);
        }

        return inputs[0];
    }

    private static bool IsOrdered(StageDefinition stage) => stage.Settings.Order == StageOrder.Input;

    private static bool BeginsRegion(IReadOnlyList<StageDefinition> stages, int index) =>
        index == 0 || stages[index - 1].IsBoundary || IsOrdered(stages[index - 1]);

    /// <summary>Finds the queue where the order is restored: behind the first ordered stage from here on, if no boundary comes before it; null when there is
    /// none.</summary>
    private static StageQueue? Exit(
        IReadOnlyList<StageDefinition> stages, int index, StageQueue[] inputs, ChainEnd end, out bool isMeetingPoint)
    {
        isMeetingPoint = false;
        for (; !stages[index].IsBoundary; index++)
        {
            if (index + 1 == stages.Count)
            {
                // The last stages of a branch leave the order to the place where the branches meet.
                isMeetingPoint = end.IsMeetingPoint;
                return isMeetingPoint ? end.Output : null;
            }

            if (IsOrdered(stages[index]))
                return inputs[index + 1];
        }

        return null;
    }

    /// <summary>How many items may be started towards a queue: its capacity, and what every worker of the stage before may have in its hands. At the end of an
    /// ordered region it also holds positions for everything that waits inside the region.</summary>
    private int Limit(IReadOnlyList<StageDefinition> stages, int index, bool isBranch)
    {
        long limit = stages[index].Settings.Capacity;
        int producer = index - 1;
        limit += producer >= 0 ? stages[producer].Reach(MostWorkers) : isBranch ? 1 : 0;
        if (producer >= 0 && !stages[producer].IsBoundary && IsOrdered(stages[producer]))
        {
            for (int i = producer; !BeginsRegion(stages, i); i--)
                limit += stages[i].Settings.Capacity + stages[i - 1].Reach(MostWorkers);
        }

        return (int)Math.Min(limit, int.MaxValue / 2);
    }
}
