using System.Globalization;
using Spectre.Console;

namespace Pipeline.Cli;

/// <summary>Prints what a run did, for people.</summary>
internal static class Summary
{
    // More failures than this scroll the rest away; the JSON document and the HTML report list all.
    private const int MostFailures = 50;
    private const int MostNames = 5;

    /// <summary>Prints the summary.</summary>
    /// <param name="result">The run.</param>
    /// <param name="analysis">The analyzed run; waited for when all else is printed.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="isTerminal">Whether colors may be used.</param>
    /// <returns>A task that ends when it is printed.</returns>
    public static async Task WriteAsync(JobResult result, Task<JobResult> analysis, TextWriter writer, bool isTerminal)
    {
        await writer.WriteLineAsync(Headline(result)).ConfigureAwait(false);
        foreach (string note in Notes(result))
            await writer.WriteLineAsync(note).ConfigureAwait(false);
        WriteFailures(result, writer);
        if (result.Report.ItemsCompleted == 0)
            return;
        // The table brings its own empty lines.
        WriteStages(result, writer, isTerminal);
        await writer.WriteLineAsync($"Bottleneck: {(await analysis.ConfigureAwait(false)).Verdict}").ConfigureAwait(false);
        await writer.WriteLineAsync(Memory(result)).ConfigureAwait(false);
    }

    /// <summary>Prints what went wrong and nothing else, for <c>--quiet</c>.</summary>
    public static void WriteErrors(JobResult result, TextWriter writer)
    {
        writer.WriteLine(Headline(result));
        if (result.StopReason is { } reason)
            writer.WriteLine(reason);
        WriteFailures(result, writer);
    }

    private static string Headline(JobResult result)
    {
        RunReport report = result.Report;
        int outputs = result.Photos.Sum(photo => photo.Outputs.Count);
        string speed = report.ItemsCompleted > 0 ? $", {ProgressText.Rate(result.PhotosPerSecond)}" : "";
        string start = result.ExitCode switch
        {
            ExitCodes.AllDone => "Done",
            ExitCodes.Interrupted => "Interrupted",
            ExitCodes.Stopped => "Stopped",
            _ => "Finished with failures",
        };
        string failed = result.Failures.Count > 0 ? $", {result.Failures.Count} failed" : "";
        string unfinished = result.Unfinished > 0 ? $", {result.Unfinished} not processed" : "";
        string done = report.ItemsCompleted > 0
            ? $"{Count(report.ItemsCompleted, "photo")}, {Count(outputs, "output")} ({ByteSize.Format(result.OutputBytes)}) in "
                + $"{ProgressText.Time(report.Elapsed)}{speed}"
            : "no photo was processed";
        return $"{start}: {done}{failed}{unfinished}. Outputs are in {result.Settings.OutputFolder}";
    }

    private static IEnumerable<string> Notes(JobResult result)
    {
        if (result.StopReason is { } reason)
            yield return reason;
        if (result.ExitCode == ExitCodes.Interrupted)
            yield return "Run the same command with --resume to go on from here.";
        if (result.Resumed > 0)
            yield return $"{Count(result.Resumed, "photo")} had been finished by an earlier run and "
                + $"{(result.Resumed == 1 ? "was" : "were")} left alone.";
        if (result.Charged is { } charged)
            yield return $"{Count(charged, "photo")} {(charged == 1 ? "is" : "are")} charged to the ledger in "
                + $"{result.Settings.Sharing.LedgerFolder}; all runs have written {Count(result.ChargedByAll ?? 0, "charge")} there, "
                + "retries included.";
        if (result.Settings is { Sharing.FilterLicenses: > 0, Recipe: { Blur: 0, Sharpen: 0 } })
            yield return "--filter-licenses had no effect: without --blur or --sharpen nothing is filtered.";
        if (result.Settings is { Sharing.WatermarkLicenses: > 0, Recipe.Watermark: null })
            yield return "--watermark-licenses had no effect: there is no --watermark.";
        foreach (string note in InputNotes(result.Inputs, result.Plan))
            yield return note;
        int narrow = result.Photos.Count(photo => photo.Outputs.Any(output => output.Width < output.RequestedWidth));
        if (narrow > 0)
            yield return $"{Count(narrow, "photo")} {(narrow == 1 ? "is" : "are")} narrower than a requested width and kept "
                + $"{(narrow == 1 ? "its" : "their")} own (--enlarge enlarges).";
        if (result.Report is { ItemsOverBudget: > 0, MemoryBudgetBytes: { } budget })
            yield return $"{Count(result.Report.ItemsOverBudget, "photo")} needed more than the memory budget of "
                + $"{ByteSize.Format(budget)} and ran alone, one at a time.";
    }

    private static IEnumerable<string> InputNotes(InputSet inputs, OutputPlan plan)
    {
        if (inputs.PassedOver.Count > 0)
            yield return $"Passed over {Count(inputs.PassedOver.Count, "file")} that "
                + $"{(inputs.PassedOver.Count == 1 ? "is no picture" : "are no pictures")} by content: {Names(inputs.PassedOver)}.";
        if (inputs.Duplicates > 0)
            yield return $"{Count(inputs.Duplicates, "input")} had been given before and {(inputs.Duplicates == 1 ? "is" : "are")} "
                + "processed once.";
        if (plan.Renamed.Count > 0)
            yield return $"{Count(plan.Renamed.Count, "photo")} would have shared an output name with another one and got a longer one: "
                + $"{Names([.. plan.Renamed.Select(photo => $"{photo.Photo.Path} -> {photo.OutputName}_*")])}.";
    }

    private static void WriteFailures(JobResult result, TextWriter writer)
    {
        if (result.Failures.Count == 0)
            return;
        writer.WriteLine();
        writer.WriteLine("Failed:");
        foreach (PhotoFailureInfo failure in result.Failures.Take(MostFailures))
            writer.WriteLine($"  {Named(failure)} (in {failure.Stage})");
        if (result.Failures.Count > MostFailures)
            writer.WriteLine($"  and {result.Failures.Count - MostFailures} more; --json and --report list all.");
    }

    // Most messages name the file themselves.
    private static string Named(PhotoFailureInfo failure) =>
        failure.Error.StartsWith($"'{failure.Source}'", StringComparison.Ordinal) ? failure.Error : $"{failure.Source}: {failure.Error}";

    private static void WriteStages(JobResult result, TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!isTerminal)
            console.Profile.Width = 120;
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("stage");
        foreach (string column in new[] { "photos", "failed", "busy", "share", "per photo", "starved", "blocked", "ordering" })
            table.AddColumn(new TableColumn(column).RightAligned());
        double work = result.Report.Stages.Sum(stage => stage.Busy.TotalSeconds);
        foreach (StageReport stage in result.Report.Stages)
        {
            long worked = stage.Items + stage.Failures;
            table.AddRow(
                Markup.Escape(stage.Name),
                stage.Items.ToString(CultureInfo.InvariantCulture),
                stage.Failures.ToString(CultureInfo.InvariantCulture),
                Seconds(stage.Busy),
                work > 0 ? string.Create(CultureInfo.InvariantCulture, $"{stage.Busy.TotalSeconds / work * 100:0} %") : "",
                worked > 0 ? string.Create(CultureInfo.InvariantCulture, $"{stage.Busy.TotalMilliseconds / worked:0} ms") : "",
                Seconds(stage.Starved),
                Seconds(stage.Blocked),
                Seconds(stage.Ordering));
        }

        console.Write(table);
    }

    private static string Memory(JobResult result)
    {
        string peak = result.PeakRssBytes is { } rss ? $"Peak memory: {ByteSize.Format(rss)} of the process" : "Peak memory";
        string budget = result.Report.MemoryBudgetBytes is { } bytes ? $" of a budget of {ByteSize.Format(bytes)}" : "";
        return $"{peak}; photos in flight: {ByteSize.Format(result.Report.PeakInFlightBytes)}{budget}. Workers: {result.Settings.Workers}.";
    }

    private static string Names(IReadOnlyList<string> names) =>
        names.Count <= MostNames
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private static string Count(long count, string noun) =>
        count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}s");
}
