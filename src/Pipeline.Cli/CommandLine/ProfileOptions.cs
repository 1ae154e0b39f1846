using System.CommandLine;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>The options of a profile and how their values are read.</summary>
internal sealed class ProfileOptions
{
    private readonly Option<string?> _from = new("--from")
    {
        Description = "Fit and predict from measured points instead: CSV with the "
        + "columns workers and seconds, throughput or speedup; '#' comments and a column 'series' are allowed.",
        HelpName = "FILE.csv"
    };
    private readonly Option<double> _fitUpTo = ValueOption.Number(
        "--fit-up-to",
        "N",
        1,
        1_000_000,
        null,
        "With --from: fit the points up to N workers and score the predictions on the others. [default: all]");
    private readonly Option<double[]?> _predict = ValueOption.Parsed<double[]>(
        "--predict", "LIST", "Worker counts to predict, separated by commas. [default: 32]", ParseWorkerCounts);
    private readonly Option<int> _cores = ValueOption.Whole(
        "--cores",
        "N",
        0,
        1_000_000,
        0,
        "With --from: physical cores of the measured machine; points above are shown and not fitted; 0 when not known.");
    private readonly Option<bool> _scaled =
        new("--scaled") { Description = "With --from: the work grew with the workers, so Amdahl's law does not apply." };
    private readonly Option<double[]?> _atThroughput = ValueOption.Parsed<double[]>(
        "--at-throughput", "LIST", "With --from: throughputs whose worker counts are wanted, separated by commas.", ParseThroughputs);
    private readonly Option<int> _maxWorkers = ValueOption.Parsed<int>(
        "--max-workers",
        "N",
        "Most workers of the sweep, 1 to 1024; more than there are processors measures time sharing. [default: the processors]",
        ParseMaxWorkers);
    private readonly Option<int> _repeat = ValueOption.Whole("--repeat", "R", 1, 1000, 3, "Runs per worker count.");
    private readonly Option<int[]?> _sizes =
        ValueOption.Parsed<int[]>("--sizes", "LIST", "Widths of the profiled job in pixels. [default: 3840,1920,256]", ParseSizes);
    private readonly Option<double> _blur =
        ValueOption.Number("--blur", "SIGMA", 0.1, 50, null, "Blur of the profiled job. [default: off]");
    private readonly Option<double> _sharpen =
        ValueOption.Number("--sharpen", "AMOUNT", 0.01, 10, null, "Sharpening of the profiled job. [default: off]");
    private readonly Option<string?> _watermark =
        new("--watermark") { Description = "Watermark of the profiled job. [default: none]", HelpName = "FILE" };
    private readonly Option<string> _format =
        ValueOption.Choice("--format", "FORMAT", ["jpeg", "png", "webp", "avif", "tiff"], "Format of the profiled job's outputs.");
    private readonly Option<string?> _report =
        new("--report") { Description = "Write the report as one HTML file.", HelpName = "FILE.html" };
    private readonly Option<string?> _json = new("--json")
    {
        Description = $"Write the report as JSON, schema {ProfileJson.Schema}; - "
        + "writes it to standard output.",
        HelpName = "FILE"
    };
    private readonly Option<string?> _csv =
        new("--csv") { Description = "Write the measured points as CSV that --from reads.", HelpName = "FILE" };
    private readonly Option<string?> _trace = new(
        "--trace")
    { Description = "Write the timeline of the last run as a trace that ui.perfetto.dev opens.", HelpName = "FILE.json" };
    private readonly Option<double> _slowDown = ValueOption.Number(
        "--slow-down",
        "PERCENT",
        1,
        1000,
        null,
        "Also run with each stage slowed down by so many percent, to measure how much hangs on it. [default: off]");
    private readonly Option<string?> _compare = new("--compare")
    {
        Description = "Compare with an earlier profile of the same photos, "
        + "written by --json: what it predicted and what came.",
        HelpName = "FILE.json"
    };
    private readonly Option<string?> _made = new("--made")
    {
        Description = "With --compare: the change that was made since, as the "
        + "earlier profile names it, such as 'filter costs nothing'.",
        HelpName = "CHANGE"
    };
    private readonly Option<bool> _noProgress = new("--no-progress") { Description = "Show no progress." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _from, _fitUpTo, _predict, _cores, _scaled, _atThroughput, _maxWorkers, _repeat,
            _sizes, _blur, _sharpen, _watermark, _format, _report, _json, _csv, _trace,
            _slowDown, _compare, _made, _noProgress,
        ];
        foreach (Option option in all)
            command.Options.Add(option);
    }

    /// <summary>Reads the values that the user gave.</summary>
    /// <param name="result">The parsed command line, free of errors.</param>
    /// <param name="temporaryFolder">Where the profiled job writes its outputs.</param>
    public ProfileSettings Read(ParseResult result, string temporaryFolder)
    {
        return new ProfileSettings
        {
            From = result.GetValue(_from),
            FitUpTo = result.GetResult(_fitUpTo) is null ? null : result.GetValue(_fitUpTo),
            Predict = result.GetResult(_predict) is null ? [32] : result.GetRequiredValue(_predict)!,
            Cores = result.GetValue(_cores) is var cores && cores > 0 ? cores : null,
            IsScaled = result.GetValue(_scaled),
            AtThroughput = result.GetResult(_atThroughput) is null ? [] : result.GetRequiredValue(_atThroughput)!,
            MaxWorkers = result.GetResult(_maxWorkers) is null ? PhotoJobSettings.AutomaticWorkers : result.GetValue(_maxWorkers),
            Repeats = result.GetValue(_repeat),
            Job = new PhotoJobSettings
            {
                OutputFolder = temporaryFolder,
                MemoryBytes = ProcessOptions.DefaultMemory(),
                Recipe = new PhotoRecipe
                {
                    Widths = result.GetResult(_sizes) is null ? new PhotoRecipe().Widths : result.GetRequiredValue(_sizes)!,
                    Blur = result.GetValue(_blur),
                    Sharpen = result.GetValue(_sharpen),
                    Watermark = result.GetValue(_watermark),
                    Format = Enum.Parse<OutputFormat>(result.GetRequiredValue(_format), ignoreCase: true),
                },
            },
            Report = result.GetValue(_report),
            Json = result.GetValue(_json),
            Csv = result.GetValue(_csv),
            Trace = result.GetValue(_trace),
            SlowDown = result.GetResult(_slowDown) is null ? null : result.GetValue(_slowDown) / 100,
            Compare = result.GetValue(_compare),
            Made = result.GetValue(_made),
            ShowProgress = !result.GetValue(_noProgress),
        };
    }

    private static string? ParseWorkerCounts(string text, out double[]? value) =>
        NumberList.TryParse(text, 1_000_000, out value, out string wrong)
            ? null
            : $"'{wrong}' is no worker count. Give numbers above 0, separated by commas.";

    private static string? ParseMaxWorkers(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 1024
            ? null
            : $"--max-workers: '{text}' is out of range. Give a whole number of 1 to 1024.";

    private static string? ParseThroughputs(string text, out double[]? value) =>
        NumberList.TryParse(text, double.MaxValue, out value, out string wrong)
            ? null
            : $"'{wrong}' is no throughput. Give numbers above 0, separated by commas.";

    private static string? ParseSizes(string text, out int[]? value) =>
        WidthList.TryParse(text, out value, out string wrong)
            ? null
            : $"'{wrong}' is no width. Give whole numbers of 1 to {WidthList.Largest}, or 4k, 1080p, thumb, separated by commas.";
}
