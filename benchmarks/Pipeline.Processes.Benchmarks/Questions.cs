namespace Pipeline.Processes.Benchmarks;

/// <summary>One question per command; all of them without arguments. Prints Markdown. Results of a quiet machine are in ../results/process-pool.md.</summary>
internal static class Questions
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (RawEcho.Serve(args) || await CallMeasurement.ServeAsync(args))
            return 0;

        Dictionary<string, Func<Task>> questions = new()
        {
            ["calls"] = CallBenchmark.RunAsync,
            ["placement"] = CallBenchmark.RunPinnedAsync,
            ["flight"] = FlightBenchmark.RunAsync,
            ["polling"] = PollBenchmark.RunAsync,
            ["profile"] = CallProfile.RunAsync,
            ["start"] = StartBenchmark.RunAsync,
            ["death"] = DeathBenchmark.RunAsync,
            ["threads"] = ThreadsBenchmark.RunAsync,
            ["poison"] = PoisonBenchmark.RunAsync,
            ["buffers"] = BufferBenchmark.RunAsync,
            ["photos"] = PhotoBenchmark.RunAsync,
            ["recycle"] = RecycleBenchmark.RunAsync,
            ["recycle-free"] = RecycleBenchmark.RunWithFreeProcessorAsync,
        };
        Machine.Describe();
        foreach ((string name, Func<Task> run) in questions)
        {
            if (args.All(argument => argument.StartsWith("--", StringComparison.Ordinal)) || args.Contains(name))
                await run();
        }

        return 0;
    }
}
