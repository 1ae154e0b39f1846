namespace Pipeline.Profiling;

/// <summary>How many items wait in front of a stage over time: one more when the stage before ends one, one less when this one begins it.</summary>
internal static class QueueSteps
{
    public static IReadOnlyList<(double Seconds, int Length)> Of(RunReport report, string before, string stage)
    {
        (double Time, int Change)[] changes =
        [
            .. report.Timeline.Where(t => t.Stage == before).Select(t => (t.End.TotalSeconds, 1))
                .Concat(report.Timeline.Where(t => t.Stage == stage).Select(t => (t.Start.TotalSeconds, -1)))
                .OrderBy(c => c.Item1).ThenByDescending(c => c.Item2),
        ];
        List<(double, int)> steps = [(0, 0)];
        int length = 0;
        foreach ((double time, int change) in changes)
        {
            length = Math.Max(0, length + change); // filtered items never begin the next stage
            steps.Add((time, length));
        }

        return steps;
    }
}
