namespace Pipeline.Cli;

/// <summary>One run of the photo job over the photos that are still to do.</summary>
internal sealed class PhotoJob : IDisposable
{
    private readonly JobPlan _plan;
    private readonly PhotoJobSettings _settings;
    private readonly ResumeManifest _manifest;
    private readonly SharedState _shared;
    private readonly CliEnvironment _environment;
    private readonly FileStore _store;
    private readonly FailureWatch _watch;
    private readonly Dictionary<string, PlannedPhoto> _bySource;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PhotoResult> _results = []; // guarded by _gate

    /// <summary>Initializes a new instance of the <see cref="PhotoJob"/> class.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="manifest">Where finished photos are recorded.</param>
    /// <param name="shared">What the job shares with other runs.</param>
    /// <param name="environment">The signals, and the program of worker processes.</param>
    public PhotoJob(JobPlan plan, ResumeManifest manifest, SharedState shared, CliEnvironment environment)
    {
        _plan = plan;
        _settings = plan.Settings with { Sharing = shared.Settings };
        _manifest = manifest;
        _shared = shared;
        _environment = environment;
        _store = new FileStore(_settings.OutputFolder) { ProtectedFiles = plan.ProtectedFiles };
        _watch = new FailureWatch(_settings.MaxFailures, environment.Interrupts.AbortRequested);
        _bySource = plan.ToDo.ToDictionary(photo => photo.Photo.Path, StringComparer.Ordinal);
    }

    /// <summary>Gets the photos whose outputs are in place, in input order.</summary>
    public IReadOnlyList<PhotoResult> Results
    {
        get
        {
            lock (_gate)
                return [.. _plan.ToDo.Where(photo => _results.ContainsKey(photo.Photo.Path)).Select(photo => _results[photo.Photo.Path])];
        }
    }

    /// <summary>Gets why the run was stopped by a failure; null when it was not.</summary>
    public string? StopReason => _watch.Reason;

    /// <summary>Processes the photos. Failures of photos and interrupts end in the report, not in an exception.</summary>
    public async Task<RunReport> RunAsync(IProgressDisplay display)
    {
        ProcessPool? pool = _settings.InProcesses
            ? PhotoProcesses.Start(Math.Min(_settings.Workers, _plan.ToDo.Count), _environment.WorkerProgram)
            : null;
        if (pool is null)
            return await RunAsync(PhotoPipeline.Build(_settings, _store, NameOf, _watch, _shared.Licenses), display).ConfigureAwait(false);
        await using (pool.ConfigureAwait(false))
            return await RunAsync(PhotoProcesses.Build(_settings, pool, NameOf, _watch), display).ConfigureAwait(false);
    }

    public void Dispose() => _watch.Dispose();

    private string NameOf(string source) => _bySource[source].OutputName;

    private async Task<RunReport> RunAsync(StagedPipeline<PhotoSource, StoredPhoto> pipeline, IProgressDisplay display)
    {
        RunOptions options = new()
        {
            Workers = _settings.Workers,
            MaxItemsInFlight = PhotoPipeline.MaxItemsInFlight(_settings, _settings.Workers),
            MemoryBudgetBytes = _settings.MemoryBytes,
            Progress = display,
            ExpectedItems = _plan.ToDo.Count,
            RecordTimeline = _settings.Report is not null,
        };
        PipelineRun<StoredPhoto> run = pipeline.Start(
            _plan.ToDo.Select(photo => photo.Photo.Source), RecordAsync, options, _watch.StopRequested);
        using CancellationTokenRegistration drain = _environment.Interrupts.DrainRequested.Register(() =>
        {
            run.Drain();
            display.Say("Interrupted: finishing the photos under way. Press Ctrl+C again to stop at once and drop them.");
        });
        using CancellationTokenRegistration abort = _environment.Interrupts.AbortRequested.Register(
            () => display.Say("Stopping at once; photos under way are dropped, finished ones stay."));
        try
        {
            return await run.Completion.ConfigureAwait(false);
        }
        catch (PipelineStageException)
        {
            _watch.Stop("Stopped at the first failed photo, as --on-error stop asks.");
        }
        catch (OperationCanceledException) when (_watch.StopRequested.IsCancellationRequested)
        {
            // The watch or the user said why.
        }

        return run.Report!;
    }

    private async ValueTask RecordAsync(StoredPhoto stored, CancellationToken cancellationToken)
    {
        PlannedPhoto planned = _bySource[stored.SourcePath];
        FinishedOutput[] outputs = [.. stored.Outputs.Select(output => new FinishedOutput(
            Path.GetRelativePath(_store.Folder, output.Path).Replace(Path.DirectorySeparatorChar, '/'),
            output.RequestedWidth,
            output.Width,
            output.Height,
            output.Format,
            output.Bytes,
            output.Sha256))];
        lock (_gate)
            _results[stored.SourcePath] = new PhotoResult(planned, outputs);
        _watch.Finished();
        InputPhoto photo = planned.Photo;
        // Published first, then charged, then recorded: a kill in between is made good by the next run.
        if (_shared.Billing is { } billing)
            await ChargeAsync(billing, photo).ConfigureAwait(false);
        try
        {
            await _manifest.AppendAsync(new FinishedPhoto(photo.RealPath, photo.Length, photo.ModifiedTicks, _plan.Fingerprint, outputs))
                .ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // The photo is done. Going on without a record would promise a --resume that cannot be kept.
            _watch.Stop($"The list of finished photos could not be written: {ErrorText.Of(e)} Free some space, then run the same "
                + "command with --resume.");
        }
    }

    private async ValueTask ChargeAsync(PhotoBilling billing, InputPhoto photo)
    {
        try
        {
            await billing.ChargeAsync(photo).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _watch.Stop($"A photo could not be charged: {ErrorText.Of(e)} Free some space, then run the same command with --resume; "
                + "what was published and not charged is charged then.");
        }
    }
}
