using Pipeline.Core;
using Pipeline.Processes.Benchmarks;

// One question per command; all of them without arguments. Prints Markdown. Results of a quiet machine are in ../results/process-pool.md.
WorkerHost.Run(args, Functions.Register);
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
};
Machine.Describe();
foreach ((string name, Func<Task> run) in questions)
{
    if (args.Length == 0 || args.Contains(name))
        await run();
}

return 0;
