using System.Diagnostics;
using System.Globalization;
using Pipeline.BugFinding;
using Pipeline.BugFinding.Bugs;
using Pipeline.Sync;
using Pipeline.Testing;

// Two processes, because sync points are on or off for a whole process: free threads run without them.
// Use: dotnet run -c Release --project benchmarks/Pipeline.BugFinding -- [seconds per hunt] [seeds] > benchmarks/results/bug-finding.md
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int limitSeconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2;
int seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
if (!SyncPoint.IsEnabled)
{
    Console.WriteLine("# Finding twelve seeded bugs\n");
    Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {limitSeconds} s for each hunt on free threads, {seeds} seeds for each random strategy. Produced by `dotnet run -c Release --project benchmarks/Pipeline.BugFinding -- {limitSeconds} {seeds}`.\n");
    Console.WriteLine("## On free threads\n\nRuns and seconds until the first failure. *Threads*: the participants start together, run after run, on threads that live through the hunt. *CsCheck*: `SampleParallel`; it has no time limit for one run, so bugs that hang are left out.\n");
    Console.WriteLine("| bug | threads: runs | seconds | CsCheck: states | seconds |\n|---|--:|--:|--:|--:|");
    int stressFound = 0, sampled = 0, sampledFound = 0;
    foreach (SeededBug bug in BugCatalog.All)
    {
        Finding stress = Stress.Hunt(bug, TimeSpan.FromSeconds(limitSeconds));
        Finding? parallel = ParallelSampling.Hunt(bug, TimeSpan.FromSeconds(limitSeconds));
        if (stress.Found) stressFound++;
        if (parallel is not null) sampled++;
        if (parallel is { Found: true }) sampledFound++;
        Console.WriteLine($"| {bug.Name} | {Cells(stress)} | {(parallel is null ? "hangs | " : Cells(parallel))} |");
    }

    Console.WriteLine($"\nFound: threads {stressFound} of {BugCatalog.All.Count}, CsCheck {sampledFound} of the {sampled} that it can be given.\n");
    using var explorer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], .. args]) { Environment = { [SyncPoint.EnvironmentVariable] = "1" } })!;
    explorer.WaitForExit();
    return explorer.ExitCode;
}

Console.WriteLine("## In the explorer\n\nThe same code under control: median schedules and milliseconds until the first failure, and for how many seeds it was found within 2,000 schedules. Exhaustive is bounded to 2 preemptions.\n");
Console.WriteLine("| bug | random: found | schedules | ms | PCT: found | schedules | ms | exhaustive: schedules | ms | as found (random) | after shrinking | certified minimum |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
int exhaustiveFound = 0, shrunkToMinimum = 0, shrunk = 0;
foreach (SeededBug bug in BugCatalog.All)
{
    var random = Enumerable.Range(0, seeds).Select(seed => Exploring.Hunt(bug, SearchStrategy.Random(seed, 2_000))).ToList();
    var pct = Enumerable.Range(0, seeds).Select(seed => Exploring.Hunt(bug, SearchStrategy.Pct(seed, 2_000, bug.PctDepth))).ToList();
    (Finding exhaustive, Counterexample? smallest) = Exploring.Hunt(bug, SearchStrategy.Exhaustive(2));
    if (exhaustive.Found) exhaustiveFound++;
    var explorer = new Explorer();
    ControlledProgram program = Exploring.Program(bug);
    List<Counterexample> minimized = [.. random.Concat(pct).Where(f => f.Counterexample is not null).Select(f => explorer.Minimize(program, f.Counterexample!.Schedule)!)];
    shrunk += minimized.Count;
    shrunkToMinimum += minimized.Count(m => m.CostAfterShrinking == m.Schedule.Cost && m.Certificate.IsMinimal);
    Console.WriteLine($"| {bug.Name} | {Medians(random)} | {Medians(pct)} | {exhaustive.Runs:#,0} | {exhaustive.Seconds * 1000:0.0} "
        + $"| {Median(minimized.Select(m => (double)m.CostAsFound)):0.#} | {Median(minimized.Select(m => (double)m.CostAfterShrinking)):0.#} (most {minimized.Max(m => m.CostAfterShrinking)}) | {smallest?.Schedule.Cost} |");
}

Console.WriteLine($"\nFound by exhaustive search: {exhaustiveFound} of {BugCatalog.All.Count}. Shrinking alone reached the certified minimum in {shrunkToMinimum} of {shrunk} cases; the certificate replaces the rest by a smaller schedule.\n");
Console.WriteLine("## Schedules per second\n\nModel programs, one thread; *equivalent ones skipped* counts the schedules that were given up because an equivalent one was run.\n\nEach row is one run; the first rows include the time in which the runtime compiles the code. Measured on a machine with other work before and after, so read the ratios, not the last digit.\n");
Console.WriteLine("| program | search | schedules | skipped | schedules per second |\n|---|---|--:|--:|--:|");
foreach ((string name, ModelProgram program, int bound) in Speed.Programs())
{
    foreach (bool skip in new[] { false, true }) Console.WriteLine(Speed.Measure(name, program, SearchStrategy.Exhaustive(bound), skip));
    Console.WriteLine(Speed.Measure(name, program, SearchStrategy.EverySchedule, true));
    Console.WriteLine(Speed.Measure(name, program, SearchStrategy.Random(1, 20_000), true));
}

return exhaustiveFound == BugCatalog.All.Count ? 0 : 1;

static string Cells(Finding finding) => finding.Found ? $"{finding.Runs:#,0} | {finding.Seconds:0.000}" : $"not in {finding.Runs:#,0} | -";

string Medians(List<(Finding Finding, Counterexample? Counterexample)> hunts)
{
    var found = hunts.Where(h => h.Finding.Found).Select(h => h.Finding).ToList();
    return found.Count == 0 ? $"0 of {hunts.Count} | - | -" : $"{found.Count} of {hunts.Count} | {Median(found.Select(f => (double)f.Runs)):0.#} | {Median(found.Select(f => f.Seconds * 1000)):0.0}";
}

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
