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
            int last = RegionEnd(stages, i);
            StagePlace place = new(
                inputs[i],
                i + 1 < stages.Count ? inputs[i + 1] : null,
                last + 1 < stages.Count ? inputs[last + 1] : null,
                ReservesExit: last + 1 < stages.Count && (i == 0 || IsOrdered(stages[i - 1])),
                MayOvertake: i > 0 && !IsOrdered(stages[i - 1]));
            nodes.Add(stages[i].CreateNode(run, workers[i], place));
        }

        first = inputs[0];
        return nodes;
    }

    private static bool IsOrdered(StageDefinition stage) => stage.Settings.Order == StageOrder.Input;

    /// <summary>Finds the stage that restores the order: the first ordered one from here on.</summary>
    private static int RegionEnd(IReadOnlyList<StageDefinition> stages, int index)
    {
        while (index < stages.Count && !IsOrdered(stages[index]))
            index++;
        return index;
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
        if (producer >= 0 && IsOrdered(stages[producer]))
        {
            for (int i = producer; i > 0 && !IsOrdered(stages[i - 1]); i--)
                limit += stages[i].Settings.Capacity + workers[i - 1];
        }

        return (int)Math.Min(limit, int.MaxValue / 2);
    }
}
