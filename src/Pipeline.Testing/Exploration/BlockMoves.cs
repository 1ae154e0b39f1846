namespace Pipeline.Testing;

/// <summary>Rearranges a run by its blocks: the steps that one participant takes in a row.</summary>
/// <remarks>
/// Dropping departures one by one gets stuck where each of them, left out, makes the others fall on other steps. Moving a block past its
/// neighbors keeps what each participant does; where it meets another block of its participant, or one that is blocked anyway, a preemption
/// is gone (Jalbert and Sen, "A Trace Simplification Technique for Effective Debugging of Concurrent Programs", FSE 2010).
/// </remarks>
internal static class BlockMoves
{
    // Past a block of each other participant is far enough in general, and keeps the candidates linear in the number of blocks.
    private const int Farthest = 8;

    /// <summary>Lists deciders that try to follow the run with one block moved. Where a step cannot be taken, the ordinary course is.</summary>
    public static IEnumerable<IDecider> Of(Trace run)
    {
        List<List<TraceStep>> blocks = Blocks(run.Steps);
        for (int from = 0; from < blocks.Count; from++)
        {
            for (int to = Math.Max(0, from - Farthest); to <= Math.Min(blocks.Count - 1, from + Farthest); to++)
            {
                if (to == from)
                    continue;
                List<List<TraceStep>> moved = [.. blocks];
                moved.RemoveAt(from);
                moved.Insert(to, blocks[from]);
                yield return new Following([.. moved.SelectMany(block => block)]);
            }
        }
    }

    private static List<List<TraceStep>> Blocks(IReadOnlyList<TraceStep> steps)
    {
        List<List<TraceStep>> blocks = [];
        foreach (TraceStep step in steps)
        {
            if (blocks.Count > 0 && blocks[^1][0] is var first && first.Participant == step.Participant && !first.IsCrash && !step.IsCrash)
                blocks[^1].Add(step);
            else
                blocks.Add([step]);
        }

        return blocks;
    }

    private sealed class Following(TraceStep[] steps) : IDecider
    {
        public Decision Decide(DecisionPoint point)
        {
            if (point.Step < steps.Length)
            {
                TraceStep step = steps[point.Step];
                if (!step.IsCrash && point.CanContinue && step.Participant == point.Current)
                    return new Decision(DecisionKind.Continue);
                int index = (step.IsCrash ? point.CrashCandidates : point.Candidates).IndexOf(step.Participant);
                if (index >= 0)
                    return new Decision(step.IsCrash ? DecisionKind.Crash : DecisionKind.Switch, index);
            }

            return point.CanContinue ? new Decision(DecisionKind.Continue) : new Decision(DecisionKind.Switch, 0);
        }
    }
}
