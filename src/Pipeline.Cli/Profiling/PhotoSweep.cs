using Pipeline.Cli.CommandLine;
using Pipeline.Cli.Input;
using Pipeline.Cli.Progress;
using Pipeline.Cli.Running;
using Pipeline.Core;
using Pipeline.Core.Profiling;
using Pipeline.Imaging;

namespace Pipeline.Cli.Profiling;

/// <summary>Runs the photo job with several worker counts into a temporary folder that is deleted at the end.</summary>
internal sealed class PhotoSweep : IDisposable
{
    private readonly ProfileSettings _settings;
    private readonly IReadOnlyList<PlannedPhoto> _photos;
    private readonly CliEnvironment _environment;
    private readonly Dictionary<string, string> _names;
    private RunReport? _widest;

    /// <summary>Initializes a new instance of the <see cref="PhotoSweep"/> class.</summary>
    /// <param name="settings">What the user asked for.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="environment">What it may touch.</param>
    public PhotoSweep(ProfileSettings settings, IReadOnlyList<PlannedPhoto> photos, CliEnvironment environment)
    {
        (_settings, _photos, _environment) = (settings, photos, environment);
        _names = photos.ToDictionary(photo => photo.Photo.Path, photo => photo.OutputName, StringComparer.Ordinal);
        Directory.CreateDirectory(settings.Job.OutputFolder);
    }

    /// <summary>Runs the sweep.</summary>
    /// <returns>The profile.</returns>
    /// <exception cref="UsageException">A photo cannot be processed, so the runs would not do the same work.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<SweepResult> RunAsync()
    {
        var options = new SweepOptions
        {
            MaxWorkers = _settings.MaxWorkers,
            Repeats = _settings.Repeats,
            Predict = [.. _settings.Predict.Select(n => (int)n)],
            Progress = _settings.ShowProgress ? new SweepLines(_environment.Error) : null,
            TimeProvider = _environment.TimeProvider,
        };
        await _environment.Error.WriteLineAsync($"Profiling the photo job on {_photos.Count} photos with 1 to {_settings.MaxWorkers} workers, {_settings.Repeats} times each.").ConfigureAwait(false);
        try
        {
            ProfileReport report = await new AmdahlProfiler(PhotoPipeline.Name, RunOnceAsync).ProfileAsync(options, _environment.Interrupts.DrainRequested).ConfigureAwait(false);
            return new SweepResult(report, _widest);
        }
        catch (PipelineStageException e)
        {
            throw new UsageException($"A profile needs photos that can be processed: {ErrorText.Of(e.InnerException ?? e)} Leave it out.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_settings.Job.OutputFolder, recursive: true);

    private async Task<RunReport> RunOnceAsync(int workers, CancellationToken cancellationToken)
    {
        using var watch = new FailureWatch(null, cancellationToken);
        PhotoJobSettings job = _settings.Job with { Workers = workers, StopOnFailure = true };
        StagedPipeline<string, StoredPhoto> pipeline = PhotoPipeline.Build(job, new FileStore(job.OutputFolder), source => _names[source], watch);
        var options = new RunOptions
        {
            Workers = workers,
            MaxItemsInFlight = (2 * workers) + 2,
            MemoryBudgetBytes = job.MemoryBytes,
            ExpectedItems = _photos.Count,
            RecordTimeline = _settings.Trace is not null || _settings.Report is not null,
        };
        RunReport report = await pipeline.RunAsync(_photos.Select(photo => photo.Photo.Path), options, cancellationToken).ConfigureAwait(false);
        if (workers == _settings.MaxWorkers)
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
