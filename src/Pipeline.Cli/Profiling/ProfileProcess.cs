namespace Pipeline.Cli;

/// <summary>One run of a sweep in a process of its own, so that no run leaves compiled code, a heap or a cache to the next.</summary>
internal static class ProfileProcess
{
    private const string FunctionName = "profiled-run";

    // A busy machine may stop a process for a while; a run must not be thrown away for that.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Registers the run among what a worker process can do.</summary>
    public static WorkerHandlers Register(WorkerHandlers workers) => workers.AddAsync(
        FunctionName, ProfiledRunJson.Default.ProfiledRunOrder, ProfiledRunJson.Default.ProfiledRun, () => 0, (_, order, _) =>
            RunHereAsync(order));

    /// <summary>Starts a process, lets it do the run, and ends it.</summary>
    public static async Task<ProfiledRun> RunAsync(ProfiledRunOrder order, CancellationToken cancellationToken)
    {
        ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions
        {
            Name = "profile",
            Launch = WorkerLaunch.Program("Pipeline.Cli.dll"),
            Workers = 1,
            WarmSpares = 0,
            MaxWorkerDeathsPerCall = 1,
            UnresponsiveAfter = s_patience,
        });
        await using (pool.ConfigureAwait(false))
            return await pool.Function(FunctionName, ProfiledRunJson.Default.ProfiledRunOrder, ProfiledRunJson.Default.ProfiledRun)
                .CallAsync(order, cancellationToken)
                .ConfigureAwait(false);
    }

    private static async ValueTask<ProfiledRun> RunHereAsync(ProfiledRunOrder order)
    {
        PhotoJobSettings settings = new() { OutputFolder = order.OutputFolder, Recipe = order.Recipe, StopOnFailure = true };
        Dictionary<string, string> names = order.Photos.Zip(order.OutputNames)
            .ToDictionary(p => p.First.Path, p => p.Second, StringComparer.Ordinal);
        using FailureWatch watch = new(null, CancellationToken.None);
        StagedPipeline<PhotoSource, StoredPhoto> pipeline =
            PhotoPipeline.Build(settings, new FileStore(settings.OutputFolder), path => names[path], watch);
        RunOptions options = new()
        {
            Workers = order.Workers,
            MaxItemsInFlight = PhotoPipeline.MaxItemsInFlight(settings, order.Workers),
            MemoryBudgetBytes = order.MemoryBytes,
            ExpectedItems = order.Photos.Count,
            RecordTimeline = order.RecordTimeline,
            SlowDown = order.SlowDown,
        };
        try
        {
            // One photo first: compiling the code belongs to the start of a process, not to the photos.
            await pipeline.RunAsync(order.Photos.Take(1), new RunOptions { Workers = 1 }).ConfigureAwait(false);
            return ProfiledRun.Of(await pipeline.RunAsync(order.Photos, options).ConfigureAwait(false));
        }
        catch (PipelineStageException e)
        {
            return new ProfiledRun { Error = ErrorText.Of(e.InnerException ?? e) };
        }
    }
}
