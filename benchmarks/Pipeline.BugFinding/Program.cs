using System.Diagnostics;
using System.Globalization;
using Pipeline.BugFinding;
using Pipeline.Sync;

// Two processes, because sync points are on or off for a whole process: free threads run without them.
// Use: dotnet run -c Release --project benchmarks/Pipeline.BugFinding -- [seconds per hunt] [seeds] > benchmarks/results/bug-finding.md
// The tables go to standard output, the progress to standard error.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int limitSeconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
int seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
if (SyncPoint.IsEnabled)
{
    bool foundAll = ExplorerTable.Print(seeds);
    SpeedTable.Print();
    return foundAll ? 0 : 1;
}

Console.WriteLine("# Finding twelve seeded bugs\n");
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {limitSeconds} s for each hunt on free "
    + $"threads, seeds 0 to {seeds - 1} for each random strategy. Produced by `dotnet run -c Release --project "
    + $"benchmarks/Pipeline.BugFinding -- {limitSeconds} {seeds}`.\n");
FreeThreadsTable.Print(TimeSpan.FromSeconds(limitSeconds));
// 'dotnet run' starts the program itself, 'dotnet exec' the program's library.
string program = Environment.ProcessPath!;
string[] library = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
using Process explorer =
    Process.Start(new ProcessStartInfo(program, [.. library, .. args]) { Environment = { [SyncPoint.EnvironmentVariable] = "1" } })!;
explorer.WaitForExit();
return explorer.ExitCode;
