using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Carries out a photo job from the inputs to the reports: what <c>process</c> does and <c>demo</c> does with made photos.</summary>
/// <param name="settings">What the user asked for.</param>
/// <param name="environment">What it may touch.</param>
internal sealed class PhotoJobRunner(PhotoJobSettings settings, CliEnvironment environment)
{
    // With the JSON document on standard output, everything for people goes to standard error.
    private TextWriter Text => settings.Json == "-" ? environment.Error : environment.Out;

    /// <summary>Runs the job.</summary>
    /// <param name="inputs">Files, folders and patterns.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UsageException">The job cannot be carried out as it was given.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> inputs)
    {
        // Options are checked and files are listed on one core; the first photo's start-up costs go to another meanwhile. Its failures are told when a photo meets them.
        if (!settings.InProcesses)
            _ = Task.Run(ImagingWarmUp.Run);
        byte[] watermark = JobChecks.CheckSettings(settings);
        string fingerprint = OptionsFingerprint.Of(settings, watermark);
        InputSet found = InputDiscovery.Find(inputs, settings.OutputFolder, IsPicture, environment.Interrupts.DrainRequested);
        OutputPlan plan = OutputPlan.For(found.Photos);
        if (plan.Photos.Count == 0)
            return await NothingUsableAsync(found, plan).ConfigureAwait(false);

        string extension = PhotoPipeline.Format(settings).Extension;
        HashSet<string> protectedFiles = JobChecks.CheckOutputsReplaceNoInput(settings, plan, extension);
        ResumeManifest manifest = await JobChecks.OpenOutputFolderAsync(settings.OutputFolder).ConfigureAwait(false);
        await using (manifest.ConfigureAwait(false))
        {
            PlannedPhoto[] open = settings.Resume
                ? [.. plan.Photos.Where(photo => manifest.Find(photo.Photo, fingerprint, JobChecks.OutputPaths(settings, photo, extension)) is null)]
                : [.. plan.Photos];
            JobResult result = await ProcessAsync(found, plan, open, protectedFiles, manifest, fingerprint).ConfigureAwait(false);
            await WriteReportsAsync(result).ConfigureAwait(false);
            return result.ExitCode;
        }
    }

    public static bool IsPicture(string path)
    {
        try
        {
            return PhotoProbe.Read(path).Kind != PhotoKind.None;
        }
        catch (PhotoException e)
        {
            // Discovery reports what cannot be read by name and reason.
            throw new IOException((e.InnerException ?? e).Message, e);
        }
    }

    // A crash comes with the end of the worker's standard error, which can be a long stack; its beginning says what happened.
    private static string Shorten(Exception exception)
    {
        string text = ErrorText.Of(exception);
        return exception is WorkerCrashedException && text.Length > 400 ? $"{text[..400]} ..." : text;
    }

    private async Task<JobResult> ProcessAsync(
        InputSet found, OutputPlan plan, PlannedPhoto[] open, HashSet<string> protectedFiles, ResumeManifest manifest, string fingerprint)
    {
        using LicenseDirectory folder = LicenseDirectory.For(settings.Sharing);
        PhotoJobSettings shared = settings with { Sharing = settings.Sharing with { LicenseFolder = folder.Path } };
        using PhotoLicenses? licenses = folder.Path is null ? null : PhotoLicenses.Open(shared.Sharing);
        PhotoBilling? billing = null;
        try
        {
            if (settings.Sharing.LedgerFolder is not null)
#pragma warning disable CA2000 // disposed in the finally below
                billing = await PhotoBilling.OpenAsync(settings.Sharing, RealPath.Of(settings.OutputFolder), fingerprint).ConfigureAwait(false);
#pragma warning restore CA2000
            return await ProcessAsync(shared, found, plan, open, protectedFiles, manifest, fingerprint, licenses, billing).ConfigureAwait(false);
        }
        finally
        {
            if (billing is not null)
                await billing.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<JobResult> ProcessAsync(
        PhotoJobSettings shared, InputSet found, OutputPlan plan, PlannedPhoto[] open, HashSet<string> protectedFiles, ResumeManifest manifest, string fingerprint, PhotoLicenses? licenses, PhotoBilling? billing)
    {
        if (billing is not null)
        {
            foreach (PlannedPhoto published in plan.Photos.Except(open)) // charged again in case a kill came between publishing and charging
                await billing.ChargeAsync(published.Photo).ConfigureAwait(false);
        }

        using PhotoJob job = new PhotoJob(shared, open, protectedFiles, manifest, fingerprint, environment.Interrupts, licenses, billing);
        RunReport report = EmptyReport(settings);
        if (open.Length > 0)
        {
            IProgressDisplay display = CreateDisplay(billing);
            await using (display.ConfigureAwait(false))
            {
                display.Say(Announcement(plan, open));
                report = await job.RunAsync(display).ConfigureAwait(false);
            }
        }

        return Result(found, plan, plan.Photos.Count - open.Length, report, job.Results, job.StopReason) with { Charged = billing?.Charged, ChargedByAll = billing?.Live };
    }

    private JobResult Result(
        InputSet found, OutputPlan plan, int resumed, RunReport report, IReadOnlyList<PhotoResult> photos, string? stopReason)
    {
        PhotoFailureInfo[] failures =
        [
            .. found.Problems.Select(problem => new PhotoFailureInfo(problem.Path, "input", 1, problem.Reason)),
            .. report.Failures.Select(failure => new PhotoFailureInfo(
                failure.Source as string ?? $"photo {failure.SequenceNumber}",
                (failure.Exception as FailedInWorkerException)?.Stage ?? failure.Stage,
                (failure.Exception as WorkerCrashedException)?.Attempts ?? failure.Attempts,
                Shorten(failure.Exception))),
        ];
        JobResult result = new JobResult
        {
            Settings = settings,
            Inputs = found,
            Plan = plan,
            Report = report,
            Photos = photos,
            Failures = failures,
            Resumed = resumed,
            PeakRssBytes = ProcessMemory.PeakResidentBytes(),
            StopReason = stopReason,
            ExitCode = ExitCodes.AllDone,
        };
        bool interrupted = environment.Interrupts.DrainRequested.IsCancellationRequested && result.Unfinished > 0;
        return result with
        {
            ExitCode = stopReason is not null ? ExitCodes.Stopped
                : interrupted ? ExitCodes.Interrupted
                : failures.Length > 0 ? ExitCodes.SomeFailed
                : ExitCodes.AllDone,
        };
    }

    private async Task<int> NothingUsableAsync(InputSet found, OutputPlan plan)
    {
        foreach (InputProblem problem in found.Problems)
            await environment.Error.WriteLineAsync($"pipeline: {problem.Path}: {problem.Reason}").ConfigureAwait(false);
        string passedOver = found.PassedOver.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $" {found.PassedOver.Count} files were looked at; none is a picture by content.")
            : "";
        await environment.Error.WriteLineAsync($"pipeline: there is no photo to process.{passedOver} Give files, folders or patterns such as 'photos/**/*.nef'.").ConfigureAwait(false);
        JobResult result = Result(found, plan, 0, EmptyReport(settings), [], null) with { ExitCode = ExitCodes.NothingUsable };
        await ReportFiles.WriteAsync(result, environment, toHtml: false).ConfigureAwait(false);
        return ExitCodes.NothingUsable;
    }

    private async Task WriteReportsAsync(JobResult result)
    {
        // Analyzed while the summary makes its table: both are mostly code that runs for the first time.
        Task<JobResult> analysis = Task.Run(result.Analyzed);
        if (!settings.Quiet)
            await Summary.WriteAsync(result, analysis, Text, settings.Json != "-" ? environment.OutIsTerminal : environment.ErrorIsTerminal).ConfigureAwait(false);
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

    private string Announcement(OutputPlan plan, PlannedPhoto[] open)
    {
        string photos = open.Length == plan.Photos.Count ? $"{open.Length}" : $"{open.Length} of {plan.Photos.Count}";
        string noun = plan.Photos.Count == 1 ? "photo" : "photos";
        string workers = settings.Workers == 1 ? "1 worker" : $"{settings.Workers} workers";
        string memory = settings.MemoryBytes is { } bytes ? $"{ByteSize.Format(bytes)} of memory" : "no memory limit";
        return $"Processing {photos} {noun} into {string.Join(", ", settings.Widths)} px wide {settings.Format.ToString().ToLowerInvariant()} with {workers} and {memory}.";
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
