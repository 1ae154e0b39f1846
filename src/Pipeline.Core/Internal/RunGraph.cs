namespace Pipeline.Core.Internal;

/// <summary>Turns a list of stage definitions into the nodes and hops of one run.</summary>
internal static class RunGraph
{
    /// <summary>Builds the nodes behind the source. The last definition is the end of the run and gives nothing on.</summary>
    internal static List<EngineNode> Build(RunEngine run, IReadOnlyList<StageDefinition> stages, out Hop first)
    {
        int[] workers = [.. stages.Select(stage => stage.Settings.Workers ?? run.DefaultWorkers)];
        Hop[] inputs = [.. stages.Select((stage, i) => stage.CreateInput(Limit(stages, workers, i)))];
        List<EngineNode> nodes = [];
        for (int i = 0; i < stages.Count; i++)
        {
            Hop? output = i + 1 < stages.Count ? inputs[i + 1] : null;
            int last = RegionEnd(stages, i);
            Hop? exit = last >= 0 ? inputs[last + 1] : null;
            StagePlace place = new(inputs[i], output, exit, ReservesExit: exit is not null && BeginsRegion(stages, i), MayOvertake: i > 0 && !IsOrdered(stages[i - 1]));
            nodes.Add(stages[i].CreateNode(run, workers[i], place));
        }

        first = inputs[0];
        return nodes;
    }

    private static bool IsOrdered(StageDefinition stage) => stage.Settings.Order == StageOrder.Input;

    private static bool BeginsRegion(IReadOnlyList<StageDefinition> stages, int index) =>
        index == 0 || stages[index - 1].IsBoundary || IsOrdered(stages[index - 1]);

    /// <summary>Finds the stage that restores the order: the first ordered one from here on, if no boundary comes before it; -1 when there is none.</summary>
    private static int RegionEnd(IReadOnlyList<StageDefinition> stages, int index)
    {
        while (index + 1 < stages.Count && !stages[index].IsBoundary)
        {
            if (IsOrdered(stages[index]))
                return index;
            index++;
        }

        return -1;
    }

    /// <summary>
    /// How many items may be started towards a hop: its capacity, and what every worker of the stage before may have in its hands.
    /// At the end of an ordered region it also holds positions for everything that waits inside the region.
    /// </summary>
    private static int Limit(IReadOnlyList<StageDefinition> stages, int[] workers, int index)
    {
        long limit = stages[index].Settings.Capacity;
        int producer = index - 1;
        if (producer >= 0)
            limit += workers[producer];
        if (producer >= 0 && !stages[producer].IsBoundary && IsOrdered(stages[producer]))
        {
            for (int i = producer; !BeginsRegion(stages, i); i--)
                limit += stages[i].Settings.Capacity + workers[i - 1];
        }

        return (int)Math.Min(limit, int.MaxValue / 2);
    }
}
