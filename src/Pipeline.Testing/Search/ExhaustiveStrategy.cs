namespace Pipeline.Testing;

/// <summary>Iterative bounding: bound 0, then 1, and so on, so the first failing schedule has the lowest cost.</summary>
internal sealed record ExhaustiveStrategy : SearchStrategy
{
    private readonly int _bound;

    public ExhaustiveStrategy(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound);
        _bound = bound;
    }

    public override string ToString() => $"exhaustive up to {_bound} preemptions and crashes";

    internal override SearchOutcome Search(ExplorableProgram program, ExplorerOptions options)
    {
        long schedules = 0, pruned = 0;
        for (int bound = 0; ; bound++)
        {
            BoundedSearch search = new(
                program, bound, options with { ScheduleLimit = options.ScheduleLimit - schedules - pruned });
            RunRecord? failing = search.FindFirst();
            schedules += search.Schedules;
            pruned += search.Pruned;
            if (failing is not null)
                return new SearchOutcome(failing, schedules, pruned, false, $"found in schedule {schedules}");
            if (!search.IsComplete)
                return new SearchOutcome(null, schedules, pruned, false, $"stopped at the limit of {options.ScheduleLimit} schedules, "
                    + $"inside bound {bound}");
            if (bound == _bound)
                return new SearchOutcome(
                    null, search.Schedules, search.Pruned, true, $"every schedule with at most {bound} preemptions and crashes");
        }
    }
}
