namespace Pipeline.Cli;

/// <summary>What a photo job did, for the summary, the JSON document and the HTML report.</summary>
internal sealed record JobResult
{
    private static readonly Lazy<MachineContention?> s_contention = new(MachineContention.Measure);

    /// <summary>Gets what the user asked for.</summary>
    public required PhotoJobSettings Settings { get; init; }

    /// <summary>Gets what the input held.</summary>
    public required InputSet Inputs { get; init; }

    /// <summary>Gets the output names.</summary>
    public required OutputPlan Plan { get; init; }

    /// <summary>Gets the engine's report.</summary>
    public required RunReport Report { get; init; }

    /// <summary>Gets the photos that this run finished, in input order.</summary>
    public required IReadOnlyList<PhotoResult> Photos { get; init; }

    /// <summary>Gets the photos that failed: first what could not be looked at, then in the order of failing.</summary>
    public required IReadOnlyList<PhotoFailureInfo> Failures { get; init; }

    /// <summary>Gets how many photos an earlier run had finished.</summary>
    public required int Resumed { get; init; }

    /// <summary>Gets the most memory that the process held, by the operating system's account, in bytes; null when it does not tell.</summary>
    public required long? PeakRssBytes { get; init; }

    /// <summary>Gets how many of this run's photos are in the ledger; null without one.</summary>
    public long? Charged { get; init; }

    /// <summary>Gets how many photos all runs have charged to the ledger, by the live counter; null without one.</summary>
    public long? ChargedByAll { get; init; }

    /// <summary>Gets why the run stopped before its end; null when it did not.</summary>
    public required string? StopReason { get; init; }

    /// <summary>Gets the exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Gets what limited the run: the one verdict that the summary, the JSON document and the HTML report tell.</summary>
    /// <value>Null when no photo was finished, so that nothing is known about the stages.</value>
    public RunCause? Cause { get; init; }

    /// <summary>Gets the analysis behind <see cref="Cause"/>, with what changes would give, for the documents.</summary>
    /// <value>Null when no document was asked for or no photo was finished.</value>
    public ProfileReport? Profile { get; init; }

    /// <summary>Gets the verdict as a sentence.</summary>
    public string Verdict => Cause?.Sentence ?? "No photo was finished, so nothing can be said about what limited the run.";

    /// <summary>Gets how many photos there were for this run: taken from the source, waiting for a later run, or not even readable.</summary>
    public int PhotosToDo => Plan.Photos.Count - Resumed;

    /// <summary>Gets how many photos were not finished and did not fail, because the run stopped.</summary>
    public long Unfinished => Math.Max(0, PhotosToDo - Report.ItemsCompleted - Report.ItemsFailed - Report.ItemsSkipped);

    /// <summary>Gets the finished photos per second.</summary>
    public double PhotosPerSecond => Report.Elapsed > TimeSpan.Zero ? Report.ItemsCompleted / Report.Elapsed.TotalSeconds : 0;

    /// <summary>Gets the bytes of all outputs.</summary>
    public long OutputBytes => Photos.Sum(photo => photo.Outputs.Sum(output => output.Bytes));

    /// <summary>Analyzes the run.</summary>
    /// <returns>This result with its cause, and with its profile when a document shows it.</returns>
    public JobResult Analyzed()
    {
        bool showsProfile = Settings.Json is not null || Settings.Report is not null;
        if (Report is not { ItemsCompleted: > 0, HasAccounts: true, Stages.Count: > 0 } || (Settings.Quiet && !showsProfile))
            return this;
        RunAnalysisOptions options =
            new()
            { MaxItemsInFlightFor = workers => PhotoPipeline.MaxItemsInFlight(Settings, workers) };
        if (!showsProfile)
            return this with { Cause = RunAnalyzer.Analyze(Report, options).Cause };
        // A run on all processors shows how they slow each other down; one with fewer workers cannot know it, so the machine is asked.
        bool leavesProcessorsFree = Settings.Workers < Environment.ProcessorCount;
        options.Contention = leavesProcessorsFree ? s_contention.Value : null;
        ProfileReport profile = ProfileReports.OfRun(Report, options, leavesProcessorsFree ? [Environment.ProcessorCount, 32] : [32]);
        return this with { Cause = profile.Run!.Cause, Profile = profile };
    }
}
