namespace Pipeline.Testing;

/// <summary>Makes a failing schedule smaller, then proves that it cannot be made cheaper.</summary>
internal static class ScheduleReduction
{
    /// <summary>What is said of failures that the schedule does not decide: they are neither shrunk nor certified.</summary>
    public static readonly Certificate NotDecidedByTheSchedule = new(
        false, "not shrunk, because the schedule does not decide this failure", 0);

    /// <summary>Takes the first simpler schedule, or rearrangement of the run, that still fails in the same way, again and again.</summary>
    public static RunRecord Shrink(ExplorableProgram program, RunRecord failing, ExplorerOptions options)
    {
        RunRecord smallest = failing;
        bool shrunk = IsDecidedByTheSchedule(failing);
        while (shrunk)
        {
            shrunk = false;
            foreach (IDecider candidate in Candidates(program, smallest.Schedule, options))
            {
                RunRecord run = Runner.Run(program, candidate, options.StepLimit);
                if (run.Failure?.Kind != failing.Failure!.Kind || !IsSmaller(run.Schedule, smallest.Schedule))
                    continue;
                (smallest, shrunk) = (run, true);
                break;
            }
        }

        return smallest;
    }

    /// <summary>Runs every cheaper schedule. When one fails, it takes the place of the given one, which makes it minimal in turn.</summary>
    public static (RunRecord Smallest, Certificate Certificate) Certify(
        ExplorableProgram program, RunRecord failing, ExplorerOptions options)
    {
        if (!IsDecidedByTheSchedule(failing))
            return (failing, NotDecidedByTheSchedule);
        int cost = failing.Schedule.Cost;
        if (cost == 0)
            return (failing, new Certificate(true, "minimal: it needs no preemption", 0));
        long schedules = 0, runs = 0;
        for (int bound = 0; bound < cost; bound++)
        {
            BoundedSearch search = new(
                program, bound, options with { ScheduleLimit = Math.Max(1, options.ScheduleLimit - runs) });
            RunRecord? cheaper = search.FindFirst();
            runs += search.Schedules + search.Pruned;
            if (cheaper is not null)
            {
                if (!IsDecidedByTheSchedule(cheaper))
                    return (cheaper, NotDecidedByTheSchedule);
                RunRecord shrunk = Shrink(program, cheaper, options);
                string text = bound == 0 ? "minimal: it needs no preemption" : Proof(program, bound - 1, schedules);
                return (shrunk, new Certificate(true, text, schedules));
            }

            if (!search.IsComplete)
                return (failing, new Certificate(false, $"not certified: the limit of {CountText.Of(options.ScheduleLimit, "schedule")} "
                    + $"was reached at {CountText.Of(bound, "preemption")}", schedules));
            schedules = search.Schedules;
        }

        return (failing, new Certificate(true, Proof(program, cost - 1, schedules), schedules));
    }

    // Simpler schedules first; only where none of them fails is the run rearranged, and there is nothing to rearrange without a preemption.
    private static IEnumerable<IDecider> Candidates(ExplorableProgram program, Schedule schedule, ExplorerOptions options)
    {
        foreach (Schedule simpler in ScheduleShrinker.Shrink(schedule))
            yield return new ScheduleDecider(simpler);
        if (schedule.Preemptions.IsEmpty)
            yield break;
        TraceBuilder trace = new();
        _ = Runner.Run(program, new ScheduleDecider(schedule), options.StepLimit, trace);
        foreach (IDecider moved in BlockMoves.Of(trace.ToTrace()))
            yield return moved;
    }

    private static bool IsDecidedByTheSchedule(RunRecord failing) =>
        failing.Failure!.Kind is not (FailureKind.Uncontrolled or FailureKind.Nondeterministic);

    private static string Proof(ExplorableProgram program, int bound, long schedules)
    {
        string limit = bound == 0 ? "0 preemptions" : $"at most {CountText.Of(bound, "preemption")}";
        if (program.CrashBudget > 0)
            limit = bound == 0 ? "0 preemptions and 0 crashes" : $"at most {bound} preemptions and crashes together";
        return $"minimal: none with {limit}, {CountText.Of(schedules, "schedule")} checked";
    }

    // Runs are compared in normal form, in the order of the shrinker, so shrinking ends.
    private static bool IsSmaller(Schedule candidate, Schedule than) => Size(candidate).CompareTo(Size(than)) < 0;

    private static (int, int, int, int) Size(Schedule s) => (
        s.Cost,
        s.Choices.Length,
        s.Preemptions.Sum(p => p.Target) + s.Crashes.Sum(c => c.Target) + s.Choices.Sum(),
        s.Preemptions.Sum(p => p.Step) + s.Crashes.Sum(c => c.Step));
}
