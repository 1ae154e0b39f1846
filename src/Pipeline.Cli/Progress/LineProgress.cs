using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Shows progress as one line every few seconds, for logs and pipes.</summary>
/// <param name="writer">Where the lines go.</param>
/// <param name="charged">Reads how many charges all runs have written to the ledger; null without one.</param>
internal sealed class LineProgress(TextWriter writer, Func<long>? charged = null) : IProgressDisplay
{
    /// <summary>The time between two lines.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private TimeSpan _next = Interval; // guarded by _gate

    public void Say(string line)
    {
        lock (_gate)
            writer.WriteLine(line);
    }

    public void Report(RunProgress value)
    {
        lock (_gate)
        {
            if (value.Elapsed < _next)
                return;
            _next = value.Elapsed + Interval;
            writer.WriteLine(Line(value));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Line(RunProgress progress)
    {
        string expected = progress.ItemsExpected is { } count ? $" of {count}" : "";
        string failed = progress.ItemsFailed > 0 ? $", {progress.ItemsFailed} failed" : "";
        string left = progress.EstimatedTimeLeft is { } time ? $", about {ProgressText.Time(time)} left" : "";
        string bill = charged is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {charged()} charged by all runs");
        string stages = string.Join(", ", progress.Stages.Select(stage => $"{stage.Name} {stage.Completed}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ProgressText.Time(progress.Elapsed)}: {progress.ItemsCompleted}{expected} photos done{failed}{bill}, "
                + $"{ProgressText.Rate(progress.ItemsPerSecond)}{left}; {stages}; {ByteSize.Format(progress.InFlightBytes)} in flight");
    }
}
