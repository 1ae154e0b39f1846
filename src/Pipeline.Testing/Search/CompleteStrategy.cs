namespace Pipeline.Testing;

/// <summary>Every schedule at any cost; one of each class of equivalent ones.</summary>
internal sealed record CompleteStrategy : SearchStrategy
{
    public override string ToString() => "every schedule, without a bound";

    internal override SearchOutcome Search(ExplorableProgram program, ExplorerOptions options)
    {
        SleepSetSearch search = new(program, options);
        RunRecord? failing = search.FindFirst();
        string coverage = failing is not null ? $"found in schedule {search.Schedules}"
            : search.IsComplete ? "every schedule, without a bound"
            : $"stopped at the limit of {options.ScheduleLimit} schedules";
        return new SearchOutcome(failing, search.Schedules, search.Pruned, search.IsComplete, coverage);
    }
}
