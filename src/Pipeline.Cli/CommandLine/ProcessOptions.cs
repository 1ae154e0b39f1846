using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>The options of a photo job and how their values are read.</summary>
internal sealed class ProcessOptions
{
    private static readonly string[] s_positions =
    [
        "bottom-right", "bottom", "bottom-left", "left", "center", "right", "top-left", "top", "top-right",
    ];

    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder for the outputs; made when missing.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int[]?> _sizes = ValueOption.Parsed<int[]>(
        "--sizes",
        "LIST",
        "Widths in pixels, separated by commas; 4k, 1080p and thumb are 3840, 1920 and 256. [default: 3840,1920,256]",
        ParseSizes);

    private readonly Option<double> _blur = ValueOption.Number(
        "--blur", "SIGMA", 0.1, 50, null, "Blur with a Gaussian of this sigma, 0.1 to 50 pixels of the output. [default: off]");

    private readonly Option<double> _sharpen = ValueOption.Number(
        "--sharpen", "AMOUNT", 0.01, 10, null, "Sharpen with an unsharp mask of this amount, 0.01 to 10. [default: off]");

    private readonly Option<string?> _watermark = new("--watermark")
    {
        Description = "Picture to lay over every output, best a PNG with transparency. [default: none]",
        HelpName = "FILE",
    };

    private readonly Option<double> _opacity = ValueOption.Number(
        "--opacity", "SHARE", 0, 1, 0.4, "Opacity of the watermark, 0 to 1.");

    private readonly Option<string> _position = ValueOption.Choice(
        "--position", "PLACE", s_positions, $"Place of the watermark: {string.Join(", ", s_positions)}.");

    private readonly Option<string> _format = ValueOption.Choice(
        "--format", "FORMAT", ["jpeg", "png", "webp", "avif", "tiff"], "Format of the outputs: jpeg, png, webp, avif, tiff.");

    private readonly Option<int> _quality = ValueOption.Whole(
        "--quality", "N", 1, 100, 85, "Quality of jpeg, webp and avif, 1 to 100; png and tiff are lossless.");

    private readonly Option<bool> _keepMetadata =
        new("--keep-metadata") { Description = "Keep EXIF data such as camera and time. Without it outputs carry none." };
    private readonly Option<bool> _enlarge = new("--enlarge")
    {
        Description = "Enlarge photos that are narrower than a width. Without "
        + "it such an output keeps the photo's own width."
    };

    private readonly Option<int> _workers = ValueOption.Parsed<int>(
        "--workers", "N|auto", "Photos worked on at the same time, 1 to 1024; auto is one per processor. [default: auto]", ParseWorkers);

    private readonly Option<string> _executor = ValueOption.Choice(
        "--executor", "WHERE", [
            "tasks",
            "processes"], "Where photos are done: tasks of this process, or worker processes, which a broken photo can crash without "
                + "stopping the others. Outputs are the same.");

    private readonly Option<MemoryLimit?> _memory = ValueOption.Parsed<MemoryLimit>(
        "--memory", "SIZE", "Memory that photos in flight may hold, for example 2GiB or 800MB; none for no limit. [default: half of "
            + "this machine's]", ParseMemory);

    private readonly Option<string> _order = ValueOption.Choice(
        "--order", "ORDER", [
            "completion",
            "input"], "Order in which photos leave a stage: completion never waits for a slow photo, input keeps the order. Outputs are "
                + "the same.");

    private readonly Option<bool> _resume =
        new("--resume") { Description = "Leave photos alone that an earlier run with the same options has finished." };

    private readonly Option<string> _onError = ValueOption.Choice(
        "--on-error", "ACTION", ["skip", "stop"], "What a failed photo does: skip lists it and goes on, stop ends the run.");

    private readonly Option<FailureBound?> _maxFailures = ValueOption.Parsed<FailureBound>(
        "--max-failures", "N|P%", "Stop when more photos than this have failed; a share is judged from the 20th photo on. [default: no "
            + "limit]", ParseMaxFailures);

    private readonly Option<string?> _report =
        new("--report") { Description = "Write a report with thumbnails and stage times as one HTML file.", HelpName = "FILE.html" };
    private readonly Option<string?> _json = new(
        "--json")
    { Description = "Write the report as JSON, schema pipeline.run/1; - writes it to standard output.", HelpName = "FILE" };
    private readonly Option<bool> _noProgress = new("--no-progress") { Description = "Show no progress." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors." };
    private readonly SharingOptions _sharing = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _out, _sizes, _blur, _sharpen, _watermark, _opacity, _position, _format, _quality, _keepMetadata, _enlarge,
            _workers, _executor, _memory, _order, _resume, _onError, _maxFailures, _report, _json, _noProgress, _quiet,
        ];
        foreach (Option option in all)
            command.Options.Add(option);
        _sharing.AddTo(command);
        command.Validators.Add(Check);
    }

    /// <summary>Reads the values that the user gave.</summary>
    /// <param name="result">The parsed command line, free of errors.</param>
    public PhotoJobSettings Read(ParseResult result)
    {
        PhotoJobSettings defaults = new() { OutputFolder = result.GetRequiredValue(_out) };
        return defaults with
        {
            Recipe = new PhotoRecipe
            {
                Widths = result.GetResult(_sizes) is null ? defaults.Recipe.Widths : result.GetRequiredValue(_sizes)!,
                Enlarge = result.GetValue(_enlarge),
                Blur = result.GetValue(_blur),
                Sharpen = result.GetValue(_sharpen),
                Watermark = result.GetValue(_watermark),
                Opacity = result.GetValue(_opacity),
                Position = result.GetRequiredValue(_position),
                Format = Enum.Parse<OutputFormat>(result.GetRequiredValue(_format), ignoreCase: true),
                Quality = result.GetValue(_quality),
                KeepMetadata = result.GetValue(_keepMetadata),
            },
            Workers = result.GetResult(_workers) is null ? defaults.Workers : result.GetValue(_workers),
            InProcesses = result.GetValue(_executor) == "processes",
            MemoryBytes = result.GetValue(_memory) is { } limit ? limit.Bytes : DefaultMemory(),
            Order = result.GetValue(_order) == "input" ? StageOrder.Input : StageOrder.Completion,
            Resume = result.GetValue(_resume),
            StopOnFailure = result.GetValue(_onError) == "stop",
            MaxFailures = result.GetValue(_maxFailures),
            Sharing = _sharing.Read(result),
            Report = result.GetValue(_report),
            Json = result.GetValue(_json),
            ShowProgress = !result.GetValue(_noProgress),
            Quiet = result.GetValue(_quiet),
        };
    }

    /// <summary>Gets half of the memory that this process may use, containers' limits included.</summary>
    public static long DefaultMemory() => Math.Max(1L << 28, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    private void Check(CommandResult result)
    {
        if (!Given(result, _watermark))
        {
            foreach (Option option in new Option[] { _opacity, _position })
            {
                if (Given(result, option))
                    result.AddError($"{option.Name} says how a watermark is laid on, but there is no --watermark FILE.");
            }
        }

        // By its text: the value of an option that is wrong cannot be asked for.
        if (Given(result, _maxFailures) && result.GetResult(_onError)?.Tokens is [{ Value: "stop" }])
            result.AddError(
                "--on-error stop ends the run at the first failed photo, so --max-failures has no meaning beside it. Give one of them.");
    }

    private static bool Given(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static string? ParseSizes(string text, out int[]? widths) =>
        WidthList.TryParse(text, out widths, out string wrong)
            ? null
            : $"'{wrong}' is no width. Give whole numbers of 1 to {WidthList.Largest} pixels, or 4k, 1080p, thumb, separated by commas.";

    private static string? ParseWorkers(string text, out int workers)
    {
        workers = PhotoJobSettings.AutomaticWorkers;
        if (string.Equals(text, "auto", StringComparison.OrdinalIgnoreCase))
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out workers) && workers is >= 1 and <= 1024
            ? null
            : $"'{text}' is no number of workers. Give 1 to 1024, or auto.";
    }

    private static string? ParseMemory(string text, out MemoryLimit? memory)
    {
        bool isNone = string.Equals(text, "none", StringComparison.OrdinalIgnoreCase);
        memory = isNone ? new MemoryLimit(null) : ByteSize.TryParse(text, out long bytes) ? new MemoryLimit(bytes) : null;
        return memory is null ? $"'{text}' is no amount of memory. Give for example 2GiB, 800MB or none." : null;
    }

    private static string? ParseMaxFailures(string text, out FailureBound? bound) =>
        FailureBound.TryParse(text, out bound)
            ? null
            : $"'{text}' is no bound. Give a number of photos such as 25, or a share of 0% to 100% such as 5%.";
}
