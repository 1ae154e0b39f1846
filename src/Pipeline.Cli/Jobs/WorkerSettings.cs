using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pipeline.Cli;

/// <summary>The options that serve and worker share.</summary>
internal sealed class WorkerSettings
{
    private readonly Option<string> _data = new("--data") { Description = "Folder of jobs, inputs and results; on a local disk.", HelpName = "DIR", DefaultValueFactory = _ => "pipeline-data" };
    private readonly Option<int> _slots = ValueOption.Whole("--slots", "N", 1, 1000, 1, "Jobs that a worker runs at the same time.");
    private readonly Option<int> _lease = ValueOption.Whole("--lease", "SECONDS", 1, 43_200, 60, "A job that reports no progress for this long goes to another worker.");
    private readonly Option<int> _drain = ValueOption.Whole("--drain", "SECONDS", 0, 43_200, 100, "How long running jobs may go on after SIGTERM; then they are given back, uncounted.");
    private readonly Option<string?> _ledger = new("--ledger") { Description = "Charge every published photo in this ledger, once. [default: no billing]", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _data, _slots, _lease, _drain, _ledger })
            command.Options.Add(option);
    }

    public string Data(ParseResult result) => Path.GetFullPath(result.GetRequiredValue(_data));

    public string? Ledger(ParseResult result) => result.GetValue(_ledger);

    public JobWorkerOptions Worker(ParseResult result) => new()
    {
        Slots = result.GetValue(_slots),
        Lease = TimeSpan.FromSeconds(result.GetValue(_lease)),
        DrainGrace = TimeSpan.FromSeconds(result.GetValue(_drain)),
    };

    /// <summary>Gives the arguments that start a worker with the same settings.</summary>
    public string[] Arguments(ParseResult result)
    {
        List<string> arguments = ["worker", "--data", Data(result), "--slots", Text(result, _slots), "--lease", Text(result, _lease), "--drain", Text(result, _drain)];
        if (Ledger(result) is { } ledger)
            arguments.AddRange(["--ledger", Path.GetFullPath(ledger)]);
        return [.. arguments];
    }

    private static string Text(ParseResult result, Option<int> option) => result.GetValue(option).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
