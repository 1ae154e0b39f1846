namespace Pipeline.Cli;

/// <summary>The photo job in worker processes: each does whole photos, from decoding to storing, and reports only the result.</summary>
internal static class PhotoProcesses
{
    private const string FunctionName = "photo";

    /// <summary>Registers the doing of a photo among what a worker process can do.</summary>
    public static WorkerHandlers Register(WorkerHandlers workers) => workers.AddAsync(
        FunctionName, PhotoOrderJson.Default.PhotoOrder, PhotoOrderJson.Default.PhotoOutcome, () => new PhotoWorker(), (worker, order, _) => worker.DevelopAsync(order));

    /// <summary>Starts the processes.</summary>
    /// <param name="workers">How many.</param>
    public static ProcessPool Start(int workers) => ProcessPool.Start(new ProcessPoolOptions
    {
        Name = "photos",
        Launch = WorkerLaunch.Program("Pipeline.Cli.dll"),
        Workers = Math.Min(workers, 256),
    });

    /// <summary>Builds the pipeline whose one stage does whole photos in the processes of a pool.</summary>
    public static StagedPipeline<string, StoredPhoto> Build(
        PhotoJobSettings settings, ProcessPool pool, Func<string, string> nameFor, FailureWatch watch)
    {
        WorkerFunction<PhotoOrder, PhotoOutcome> function = pool.Function(
            FunctionName, PhotoOrderJson.Default.PhotoOrder, PhotoOrderJson.Default.PhotoOutcome);
        DecodePhoto estimator = new DecodePhoto(new DecodeOptions { TargetWidths = settings.Widths, KeepMetadata = settings.KeepMetadata });
        PhotoStage stage = new PhotoStage(function, settings, nameFor, estimator);
        return PipelineBuilder.Start<string>(PhotoPipeline.Name)
            .Stage("photo", WatchedStage<string, StoredPhoto>.Around(stage, watch), options =>
            {
                options.Order = settings.Order;
                options.OnFailure = settings.StopOnFailure ? FailurePolicy.Stop : FailurePolicy.Skip;
            })
            .Build();
    }
}
