using Pipeline.Cli.CommandLine;
using Pipeline.Cli.Running;
using Pipeline.Cli.Sharing;
using Pipeline.Core;
using Pipeline.Imaging;

namespace Pipeline.Cli.Processes;

/// <summary>The photo job in worker processes: each does whole photos, from decoding to storing, and reports only the result.</summary>
internal static class PhotoProcesses
{
    private const string FunctionName = "photo";

    // A name of a photo on which a worker process aborts, so that tests can see a decoder crash.
    private const string CrashVariable = "PIPELINE_TEST_CRASH_ON";

    /// <summary>Serves as a worker process if this start of the tool is one.</summary>
    public static void ServeAsWorker(string[] args) =>
        WorkerHost.Run(args, workers => workers.AddAsync(
            FunctionName, PhotoOrderJson.Default.PhotoOrder, PhotoOrderJson.Default.PhotoOutcome, () => 0, (_, order, _) => DevelopAsync(order)));

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
        var estimator = new DecodePhoto(new DecodeOptions { TargetWidths = settings.Widths, KeepMetadata = settings.KeepMetadata });
        var stage = new PhotoStage(function, settings, nameFor, estimator);
        return PipelineBuilder.Start<string>(PhotoPipeline.Name)
            .Stage("photo", WatchedStage<string, StoredPhoto>.Around(stage, watch), options =>
            {
                options.Order = settings.Order;
                options.OnFailure = settings.StopOnFailure ? FailurePolicy.Stop : FailurePolicy.Skip;
            })
            .Build();
    }

    /// <summary>Does one photo in a worker process, with the very stages of the run in tasks.</summary>
    private static async ValueTask<PhotoOutcome> DevelopAsync(PhotoOrder order)
    {
        if (Environment.GetEnvironmentVariable(CrashVariable) is { Length: > 0 } name && order.Path.Contains(name, StringComparison.Ordinal))
            Environment.FailFast($"{CrashVariable} asks for a crash on '{order.Path}'.");
        using var watch = new FailureWatch(null, CancellationToken.None);
        StoredPhoto? stored = null;
        PhotoJobSettings settings = order.ToSettings();
        using PhotoLicenses? licenses = order.LicenseFolder is null ? null : PhotoLicenses.Open(settings.Sharing);
        StagedPipeline<string, StoredPhoto> pipeline =
            PhotoPipeline.Build(settings, new FileStore(order.OutputFolder) { LeftoverAge = TimeSpan.FromMinutes(1) }, _ => order.OutputName, watch, licenses);
        try
        {
            await pipeline.RunAsync(
                [order.Path],
                (photo, _) =>
                {
                    stored = photo;
                    return ValueTask.CompletedTask;
                },
                new RunOptions { Workers = 1 }).ConfigureAwait(false);
            return new PhotoOutcome(stored);
        }
        catch (PipelineStageException e)
        {
            Exception cause = e.InnerException ?? e;
            return new PhotoOutcome(null, e.Stage, cause.Message, (cause as PhotoException)?.File, DiskFull.IsCauseOf(cause));
        }
    }
}
