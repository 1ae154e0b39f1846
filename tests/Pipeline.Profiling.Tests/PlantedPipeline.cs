namespace Pipeline.Profiling.Tests;

/// <summary>A pipeline with serial ends, 10 ms to deal and 30 ms to collect, around 360 ms of parallel work; 120 items. Its sweeps take virtual time.</summary>
internal static class PlantedPipeline
{
    public static PipelineModel Model { get; } = new(
        [Serial("deal", 0.01), new StageModel("work", 1, StageTimes.Constant(0.36)), Serial("collect", 0.03)], 120)
    {
        Workers = 1,
    };

    public static RunReport Report(int workers) => SimulatedReport.Of(Model.WithWorkers(workers));

    public static Task<ProfileReport> ProfileAsync(int[] workers, int[] predict, PipelineModel? model = null) =>
        new AmdahlProfiler("planted", (n, _) => Task.FromResult(SimulatedReport.Of((model ?? Model).WithWorkers(n))))
            .ProfileAsync(
                new SweepOptions { Workers = workers, Repeats = 1, WarmUps = 0, Predict = predict }, TestContext.Current.CancellationToken);

    private static StageModel Serial(string name, double seconds) =>
        new(name, 1, StageTimes.Constant(seconds)) { FollowsRunWorkers = false };
}
