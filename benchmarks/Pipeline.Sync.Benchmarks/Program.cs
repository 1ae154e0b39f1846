using Pipeline.Sync.Benchmarks;

// Each question is one run in one process, variants interleaved; the tables are committed under benchmarks/results/.
//   counters | permits | locksets [--no-ambient] | syncpoints
if (args.Contains("--no-ambient"))
    AppContext.SetSwitch("Pipeline.Sync.AmbientLockChecks", false);
switch (args.FirstOrDefault())
{
    case "counters":
        Counters.Run();
        return 0;
    case "permits":
        await Permits.RunAsync();
        return 0;
    case "locksets":
        await LockSets.RunAsync(args.Contains("--no-ambient"));
        return 0;
    case "syncpoints":
        SyncPoints.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: counters | permits | locksets [--no-ambient] | syncpoints");
        return 2;
}
