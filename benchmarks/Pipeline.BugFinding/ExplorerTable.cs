using Pipeline.BugFinding.Bugs;
using Pipeline.Testing;

namespace Pipeline.BugFinding;

/// <summary>What the explorer finds of the twelve bugs, and how small it makes it.</summary>
internal static class ExplorerTable
{
    private const int MostSchedules = 2_000;

    // A limit of one schedule leaves the shrinking and cuts off the certificate: the exhaustive search gives the minimum once for each bug.
    private static readonly Explorer s_shrinker = new(new ExplorerOptions { ScheduleLimit = 1 });

    /// <summary>Prints the table; returns whether exhaustive search found every bug.</summary>
    public static bool Print(int seeds)
    {
        Console.WriteLine($"## In the explorer\n\nThe same code under control: median schedules and milliseconds until the first "
            + $"failure, and for how many of the seeds 0 to {seeds - 1} it was found within {MostSchedules:#,0} schedules. Exhaustive "
            + $"is bounded to 2 preemptions; it tries every schedule with fewer preemptions first, so what it finds is the certified "
            + $"minimum. *As found* and *after shrinking*: the mean number of preemptions of all failing schedules of both random "
            + $"strategies, and the most.\n");
        Console.WriteLine("| bug | random: found | schedules | ms | PCT: found | schedules | ms | exhaustive: schedules | ms | as found "
            + "| after shrinking | certified minimum |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        int exhaustiveFound = 0, atMinimum = 0, cases = 0;
        long before = 0, after = 0, minimal = 0;
        foreach (SeededBug bug in BugCatalog.All)
        {
            Progress.Say($"random, {seeds} seeds: {bug.Name}");
            List<(Finding Finding, Counterexample? Counterexample)> random = Hunt(
                bug, seeds, seed => SearchStrategy.Random(seed, MostSchedules));
            Progress.Say($"PCT, {seeds} seeds: {bug.Name}");
            List<(Finding Finding, Counterexample? Counterexample)> pct = Hunt(
                bug, seeds, seed => SearchStrategy.Pct(seed, MostSchedules, bug.PctDepth));
            Progress.Say($"exhaustive: {bug.Name}");
            (Finding exhaustive, Counterexample? smallest) = Exploring.Hunt(bug, SearchStrategy.Exhaustive(2));
            Progress.Say($"shrinking: {bug.Name}");
            ControlledProgram program = Exploring.Program(bug);
            List<Counterexample> shrunk =
                [.. random.Concat(pct).Where(hunt => hunt.Counterexample is not null).Select(
                    hunt => s_shrinker.Minimize(program, hunt.Counterexample!.Schedule)!)];
            string sizes = "- | - | -";
            if (smallest is not null)
                exhaustiveFound++;
            if (smallest is not null && shrunk.Count > 0)
            {
                int minimum = smallest.Schedule.Cost;
                sizes = $"{Sizes(shrunk, c => c.CostAsFound)} | {Sizes(shrunk, c => c.CostAfterShrinking)} | {minimum}";
                before += shrunk.Sum(c => c.CostAsFound);
                after += shrunk.Sum(c => c.CostAfterShrinking);
                minimal += shrunk.Count * minimum;
                atMinimum += shrunk.Count(c => c.CostAfterShrinking == minimum);
                cases += shrunk.Count;
            }

            Console.WriteLine($"| {bug.Name} | {Cells(random)} | {Cells(pct)} | {exhaustive.Runs:#,0} | {exhaustive.Seconds * 1000:0.0} "
                + $"| {sizes} |");
        }

        Console.WriteLine($"\nFound by exhaustive search: {exhaustiveFound} of {BugCatalog.All.Count}. Over all {cases:#,0} failing "
            + $"schedules of seeds 0 to {seeds - 1}, shrinking takes {before:#,0} preemptions to {after:#,0}, and the certified minimum "
            + $"is {minimal:#,0}: a ratio of {(double)after / minimal:0.000} (as found {(double)before / minimal:0.00}). Shrinking "
            + $"alone reaches the minimum in {atMinimum:#,0} of {cases:#,0}; the certificate of the tool replaces the rest by a smaller "
            + $"schedule.\n");
        return exhaustiveFound == BugCatalog.All.Count;
    }

    private static List<(Finding Finding, Counterexample? Counterexample)> Hunt(
        SeededBug bug, int seeds, Func<int, SearchStrategy> strategy) =>
        [.. Enumerable.Range(0, seeds).Select(seed => Exploring.Hunt(bug, strategy(seed)))];

    private static string Cells(List<(Finding Finding, Counterexample? Counterexample)> hunts)
    {
        List<Finding> found = [.. hunts.Where(hunt => hunt.Finding.Found).Select(hunt => hunt.Finding)];
        return found.Count == 0 ? $"0 of {hunts.Count} | - | -" : $"{found.Count} of {hunts.Count} | "
            + $"{Median(found.Select(f => (double)f.Runs)):0.#} | {Median(found.Select(f => f.Seconds * 1000)):0.0}";
    }

    private static string Sizes(List<Counterexample> schedules, Func<Counterexample, int> cost) =>
        $"{schedules.Average(cost):0.00} (most {schedules.Max(cost)})";

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
