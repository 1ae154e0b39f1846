using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Runs the photo job with several worker counts, each run in a fresh process, into a temporary folder that is deleted at the end.</summary>
internal sealed class PhotoSweep : IDisposable
{
    private readonly ProfileSettings _settings;
    private readonly IReadOnlyList<PlannedPhoto> _photos;
    private readonly CliEnvironment _environment;
    private RunReport? _widest;

    /// <summary>Initializes a new instance of the <see cref="PhotoSweep"/> class.</summary>
    public PhotoSweep(ProfileSettings settings, IReadOnlyList<PlannedPhoto> photos, CliEnvironment environment)
    {
        (_settings, _photos, _environment) = (settings, photos, environment);
        Directory.CreateDirectory(settings.Job.OutputFolder);
    }

    /// <summary>Runs the sweep, and the slow-downs when they were asked for.</summary>
    /// <exception cref="UsageException">A photo cannot be processed, so the runs would not do the same work.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<SweepResult> RunAsync()
    {
        SweepOptions options = new()
        {
            MaxWorkers = _settings.MaxWorkers,
            Repeats = _settings.Repeats,
            Predict = [.. _settings.Predict.Select(n => (int)n)],
            Progress = _settings.ShowProgress ? new SweepLines(_environment.Error) : null,
            TimeProvider = _environment.TimeProvider,
            Contention = _settings.MaxWorkers < Environment.ProcessorCount ? MachineContention.Measure() : null,
            MaxItemsInFlightFor = workers => PhotoPipeline.MaxItemsInFlight(_settings.Job, workers),
        };
        await _environment.Error.WriteLineAsync(
            $"Profiling the photo job on {_photos.Count} photos with 1 to {_settings.MaxWorkers} workers, {_settings.Repeats} times "
                + "each, every run in a fresh process.").ConfigureAwait(false);
        ProfileReport report =
            await new AmdahlProfiler(PhotoPipeline.Name, (workers, cancellationToken) => RunOnceAsync(workers, null, cancellationToken))
            .ProfileAsync(options, _environment.Interrupts.DrainRequested).ConfigureAwait(false);
        if (_settings.SlowDown is { } share)
            report = report with { SlowDowns = await SlowDownAsync(share).ConfigureAwait(false) };
        return new SweepResult(report, _widest);
    }

    public void Dispose() => Directory.Delete(_settings.Job.OutputFolder, recursive: true);

    private Task<IReadOnlyList<SlowDownResult>> SlowDownAsync(double share)
    {
        SlowDownOptions options = new()
        {
            Share = share,
            Rounds = _settings.Repeats,
            WarmUps = 0,
            Progress = _settings.ShowProgress ? Say : null,
        };
        return new SlowDownProfiler((slowDown, cancellationToken) => RunOnceAsync(_settings.MaxWorkers, slowDown, cancellationToken))
            .MeasureAsync(options, _environment.Interrupts.DrainRequested);

        void Say(int done, int runs, StageSlowDown? slowDown)
        {
            string of = runs > 0 ? $" {done + 1} of {runs}" : "";
            string what = slowDown is null
                ? "nothing slowed down"
                : string.Create(CultureInfo.InvariantCulture, $"{slowDown.Stage} {100 * slowDown.Share:0.#} % slower");
            _environment.Error.WriteLine($"Slow-down run{of}: {what}");
        }
    }

    private async Task<RunReport> RunOnceAsync(int workers, StageSlowDown? slowDown, CancellationToken cancellationToken)
    {
        bool records = slowDown is null && workers == _settings.MaxWorkers && (_settings.Trace is not null || _settings.Report is not null);
        ProfiledRunOrder order = new(
            Path.GetFullPath(_settings.Job.OutputFolder),
            _settings.Job.Recipe,
            [.. _photos.Select(photo => photo.Photo.Source)],
            [.. _photos.Select(photo => photo.OutputName)],
            workers,
            _settings.Job.MemoryBytes,
            records,
            slowDown);
        ProfiledRun run = await ProfileProcess.RunAsync(order, cancellationToken).ConfigureAwait(false);
        if (run.Error is { } error)
            throw new UsageException($"A profile needs photos that can be processed: {error} Leave it out.");
        RunReport report = run.ToReport(PhotoPipeline.Name);
        if (records)
            _widest = report;
        return report;
    }

    private sealed class SweepLines(TextWriter writer) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value)
        {
            if (value.RunsDone == value.Runs)
                return;
            string left = value.EstimatedTimeLeft is { } time ? $", about {ProgressText.Time(time)} left" : "";
            writer.WriteLine($"Run {value.RunsDone + 1} of {value.Runs}: {value.Workers} worker{(value.Workers == 1 ? "" : "s")}{left}");
        }
    }
}
