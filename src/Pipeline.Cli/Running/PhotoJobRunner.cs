using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Carries out a photo job from the inputs to the reports: what <c>process</c> does and <c>demo</c> does with made photos.</summary>
internal sealed class PhotoJobRunner(PhotoJobSettings settings, CliEnvironment environment)
{
    // With the JSON document on standard output, everything for people goes to standard error.
    private TextWriter Text => settings.Json == "-" ? environment.Error : environment.Out;

    /// <summary>Runs the job.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UsageException">The job cannot be carried out as it was given.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> inputs)
    {
        // Options are checked and files are listed on one core; the first photo's start-up costs go to another meanwhile. Its failures are told when a
        // photo meets them.
        if (!settings.InProcesses)
            _ = Task.Run(ImagingWarmUp.Run);
        byte[] watermark = JobChecks.CheckSettings(settings);
        InputSet found = InputDiscovery.Find(inputs, settings.OutputFolder, PhotoProbe.Read, environment.Interrupts.DrainRequested);
        JobPlan plan = new(settings, found, OutputPlan.For(found.Photos), RecipeFingerprint.Of(settings.Recipe, watermark));
        if (plan.Outputs.Photos.Count == 0)
            return await NothingUsableAsync(plan).ConfigureAwait(false);

        string extension = PhotoPipeline.Format(settings.Recipe).Extension;
        plan = plan with { ProtectedFiles = JobChecks.CheckOutputsReplaceNoInput(settings, plan.Outputs, extension) };
        ResumeManifest manifest = JobChecks.OpenOutputFolder(settings.OutputFolder);
        await using (manifest.ConfigureAwait(false))
        {
            bool IsFinished(PlannedPhoto photo) =>
                settings.Resume
                    && manifest.Find(photo.Photo, plan.Fingerprint, JobChecks.OutputPaths(settings, photo, extension)) is not null;

            plan = plan with { ToDo = [.. plan.Outputs.Photos.Where(photo => !IsFinished(photo))] };
            JobResult result = await ProcessAsync(plan, manifest).ConfigureAwait(false);
            await WriteReportsAsync(result).ConfigureAwait(false);
            return result.ExitCode;
        }
    }

    // A crash comes with the end of the worker's standard error, which can be a long stack; its beginning says what happened.
    private static string Shorten(Exception exception)
    {
        string text = ErrorText.Of(exception);
        return exception is WorkerCrashedException && text.Length > 400 ? $"{text[..400]} ..." : text;
    }

    private async Task<JobResult> ProcessAsync(JobPlan plan, ResumeManifest manifest)
    {
        SharedState shared = await SharedState.OpenAsync(settings.Sharing, settings.OutputFolder, plan.Fingerprint).ConfigureAwait(false);
        await using (shared.ConfigureAwait(false))
        {
            if (shared.Billing is { } billing)
            {
                // Charged again in case a kill came between publishing and charging.
                foreach (PlannedPhoto published in plan.Outputs.Photos.Except(plan.ToDo))
                    await billing.ChargeAsync(published.Photo).ConfigureAwait(false);
            }

            using PhotoJob job = new(plan, manifest, shared, environment);
            RunReport report = EmptyReport(settings);
            if (plan.ToDo.Count > 0)
            {
                IProgressDisplay display = CreateDisplay(shared.Billing);
                await using (display.ConfigureAwait(false))
                {
                    display.Say(Announcement(plan));
                    report = await job.RunAsync(display).ConfigureAwait(false);
                }
            }

            return Result(plan, report, job) with { Charged = shared.Billing?.Charged, ChargedByAll = shared.Billing?.Live };
        }
    }

    private JobResult Result(JobPlan plan, RunReport report, PhotoJob? job)
    {
        PhotoFailureInfo[] failures =
        [
            .. plan.Inputs.Problems.Select(problem => new PhotoFailureInfo(problem.Path, "input", 1, problem.Reason)),
            .. report.Failures.Select(failure => new PhotoFailureInfo(
                (failure.Source as PhotoSource)?.Path ?? $"photo {failure.SequenceNumber}",
                (failure.Exception as FailedInWorkerException)?.Stage ?? failure.Stage,
                (failure.Exception as WorkerCrashedException)?.Attempts ?? failure.Attempts,
                Shorten(failure.Exception))),
        ];
        JobResult result = new()
        {
            Settings = settings,
            Inputs = plan.Inputs,
            Plan = plan.Outputs,
            Report = report,
            Photos = job?.Results ?? [],
            Failures = failures,
            Resumed = plan.Outputs.Photos.Count - plan.ToDo.Count,
            PeakRssBytes = ProcessMemory.PeakResidentBytes(),
            StopReason = job?.StopReason,
            ExitCode = ExitCodes.AllDone,
        };
        bool interrupted = environment.Interrupts.DrainRequested.IsCancellationRequested && result.Unfinished > 0;
        return result with
        {
            ExitCode = result.StopReason is not null ? ExitCodes.Stopped
                : interrupted ? ExitCodes.Interrupted
                : failures.Length > 0 ? ExitCodes.SomeFailed
                : ExitCodes.AllDone,
        };
    }

    private async Task<int> NothingUsableAsync(JobPlan plan)
    {
        foreach (InputProblem problem in plan.Inputs.Problems)
            await environment.Error.WriteLineAsync($"pipeline: {problem.Path}: {problem.Reason}").ConfigureAwait(false);
        string passedOver = plan.Inputs.PassedOver.Count > 0
            ? string.Create(
                CultureInfo.InvariantCulture, $" {plan.Inputs.PassedOver.Count} files were looked at; none is a picture by content.")
            : "";
        await environment.Error.WriteLineAsync($"pipeline: there is no photo to process.{passedOver} Give files, folders or patterns "
            + $"such as 'photos/**/*.nef'.").ConfigureAwait(false);
        JobResult result = Result(plan, EmptyReport(settings), job: null) with { ExitCode = ExitCodes.NothingUsable };
        await ReportFiles.WriteAsync(result, environment, toHtml: false).ConfigureAwait(false);
        return ExitCodes.NothingUsable;
    }

    private async Task WriteReportsAsync(JobResult result)
    {
        // Analyzed while the summary makes its table: both are mostly code that runs for the first time.
        Task<JobResult> analysis = Task.Run(result.Analyzed);
        if (!settings.Quiet)
            await Summary.WriteAsync(result, analysis, Text, settings.Json != "-" ? environment.OutIsTerminal : environment.ErrorIsTerminal)
                .ConfigureAwait(false);
        else if (result.ExitCode != ExitCodes.AllDone)
            Summary.WriteErrors(result, environment.Error);
        await ReportFiles.WriteAsync(await analysis.ConfigureAwait(false), environment, toHtml: true).ConfigureAwait(false);
        if (!settings.Quiet && settings.Report is { } report)
            await Text.WriteLineAsync($"Report: {report}").ConfigureAwait(false);
    }

    private IProgressDisplay CreateDisplay(PhotoBilling? billing) =>
        settings.Quiet ? new NoProgress(TextWriter.Null)
        : !settings.ShowProgress ? new NoProgress(environment.Error)
        : environment.ErrorIsTerminal ? new BarProgress(environment.Error, LiveView(billing))
        : new LineProgress(environment.Error, LiveView(billing));

    private static Func<long>? LiveView(PhotoBilling? billing) => billing is null ? null : () => billing.Live;

    private string Announcement(JobPlan plan)
    {
        int all = plan.Outputs.Photos.Count;
        string photos = plan.ToDo.Count == all ? $"{all}" : $"{plan.ToDo.Count} of {all}";
        string noun = all == 1 ? "photo" : "photos";
        string workers = settings.Workers == 1 ? "1 worker" : $"{settings.Workers} workers";
        string memory = settings.MemoryBytes is { } bytes ? $"{ByteSize.Format(bytes)} of memory" : "no memory limit";
        return $"Processing {photos} {noun} into {string.Join(", ", settings.Recipe.Widths)} px wide {settings.Recipe.FormatName} with "
            + $"{workers} and {memory}.";
    }

    private static RunReport EmptyReport(PhotoJobSettings settings) => new()
    {
        PipelineName = PhotoPipeline.Name,
        Outcome = RunOutcome.Completed,
        Elapsed = TimeSpan.Zero,
        ItemsIn = 0,
        ItemsCompleted = 0,
        ItemsFailed = 0,
        ItemsSkipped = 0,
        ItemsUnfinished = 0,
        MemoryBudgetBytes = settings.MemoryBytes,
        PeakInFlightBytes = 0,
        ItemsOverBudget = 0,
        Stages = [],
        Failures = [],
    };
}
