namespace Pipeline.Cli;

/// <summary>The photo job in worker processes: each does whole photos, from decoding to storing, and reports only the result.</summary>
internal static class PhotoProcesses
{
    /// <summary>The name by which a pool calls the doing of a photo.</summary>
    public const string FunctionName = "photo";

    /// <summary>Registers the doing of a photo among what a worker process can do.</summary>
    public static WorkerHandlers Register(WorkerHandlers workers) => workers.AddAsync(
        FunctionName, PhotoOrderJson.Default.PhotoOrder, PhotoOrderJson.Default.PhotoOutcome, () => new PhotoWorker(), (worker, order, _) =>
            worker.DevelopAsync(order));

    /// <summary>Starts the processes.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="program">The program that they run, as <see cref="CliEnvironment.WorkerProgram"/> says.</param>
    public static ProcessPool Start(int workers, string program) => ProcessPool.Start(new ProcessPoolOptions
    {
        Name = "photos",
        Launch = WorkerLaunch.Program(program),
        Workers = Math.Min(workers, 256),
    });

    /// <summary>Builds the pipeline whose one stage does whole photos in the processes of a pool.</summary>
    public static StagedPipeline<PhotoSource, StoredPhoto> Build(
        PhotoJobSettings settings, ProcessPool pool, Func<string, string> nameFor, FailureWatch watch)
    {
        WorkerFunction<PhotoOrder, PhotoOutcome> function = pool.Function(
            FunctionName, PhotoOrderJson.Default.PhotoOrder, PhotoOrderJson.Default.PhotoOutcome);
        return PipelineBuilder.Start<PhotoSource>(PhotoPipeline.Name)
            .Stage("photo", WatchedStage<PhotoSource, StoredPhoto>.Around(new PhotoStage(function, settings, nameFor), watch), options =>
            {
                options.Order = settings.Order;
                options.OnFailure = settings.StopOnFailure ? FailurePolicy.Stop : FailurePolicy.Skip;
            })
            .Build();
    }
}
