using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Says in one sentence what limited a run, from the stages' own accounts.</summary>
/// <param name="Stage">The stage with the most work; null when no photo was worked on.</param>
/// <param name="Sentence">What limited the run and what would help.</param>
internal sealed record Bottleneck(string? Stage, string Sentence)
{
    // Above this share of the workers' time the processors are the limit and nothing else is worth naming.
    private const double Saturated = 0.85;

    /// <summary>Judges a run.</summary>
    /// <param name="report">The engine's report.</param>
    /// <param name="workers">How many stage bodies could run at once.</param>
    /// <returns>The judgment.</returns>
    public static Bottleneck Of(RunReport report, int workers)
    {
        double work = report.Stages.Sum(stage => stage.Busy.TotalSeconds);
        StageReport? top = report.Stages.MaxBy(stage => stage.Busy);
        if (top is null || work <= 0 || report.Elapsed <= TimeSpan.Zero)
            return new Bottleneck(null, "No photo was worked on, so nothing can be said about speed.");

        double used = Math.Min(1, work / (workers * report.Elapsed.TotalSeconds));
        string share = $"'{top.Name}' took {Percent(top.Busy.TotalSeconds / work)} of the working time";
        string workersText = workers == 1 ? "the one worker was busy" : $"the {workers} workers were busy";
        string busy = $"{workersText} {Percent(used)} of the run";
        if (used >= Saturated)
        {
            string more = workers < Environment.ProcessorCount ? "more --workers" : "more cores";
            return new Bottleneck(top.Name, $"{share} and {busy}: a faster {top.Name} or {more} would help.");
        }

        if (report is { MemoryBudgetBytes: { } budget } && (report.ItemsOverBudget > 0 || report.PeakInFlightBytes > budget * 0.75))
            return new Bottleneck(top.Name, $"{share}, but {busy}: the memory budget of {ByteSize.Format(budget)} kept photos waiting; a larger --memory would help.");
        if (report.ItemsIn < 4L * workers)
            return new Bottleneck(top.Name, $"{share}; {busy}: {Photos(report.ItemsIn)} too few to keep all of them busy.");
        return new Bottleneck(top.Name, $"{share}, but {busy}: photos waited for each other or for the disk; more --workers may help.");
    }

    private static string Photos(long count) => count == 1 ? "one photo is" : $"{count} photos are";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");
}
