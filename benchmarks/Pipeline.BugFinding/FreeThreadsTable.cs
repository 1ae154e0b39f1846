using Pipeline.BugFinding.Bugs;

namespace Pipeline.BugFinding;

/// <summary>What free threads meet of the twelve bugs.</summary>
internal static class FreeThreadsTable
{
    public static void Print(TimeSpan limit)
    {
        Console.WriteLine("## On free threads\n\nRuns and seconds until the first failure. *Threads*: the participants start together, "
            + "run after run, on threads that live through the hunt. *CsCheck*: `SampleParallel`; it has no time limit for one run, so "
            + "bugs that hang are left out.\n");
        Console.WriteLine("| bug | threads: runs | seconds | CsCheck: states | seconds |\n|---|--:|--:|--:|--:|");
        int stressFound = 0, sampled = 0, sampledFound = 0;
        foreach (SeededBug bug in BugCatalog.All)
        {
            Progress.Say($"free threads: {bug.Name}");
            Finding stress = Stress.Hunt(bug, limit);
            Finding? parallel = ParallelSampling.Hunt(bug, limit);
            if (stress.Found)
                stressFound++;
            if (parallel is not null)
                sampled++;
            if (parallel is { Found: true })
                sampledFound++;
            Console.WriteLine($"| {bug.Name} | {Cells(stress)} | {(parallel is null ? "hangs | " : Cells(parallel))} |");
        }

        Console.WriteLine($"\nFound: threads {stressFound} of {BugCatalog.All.Count}, CsCheck {sampledFound} of the {sampled} that it "
            + $"can be given.\n");
    }

    private static string Cells(Finding finding) =>
        finding.Found ? $"{finding.Runs:#,0} | {finding.Seconds:0.000}" : $"not in {finding.Runs:#,0} | -";
}
