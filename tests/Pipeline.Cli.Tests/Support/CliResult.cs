using System.Text.Json;

namespace Pipeline.Cli.Tests.Support;

/// <summary>What a run of the tool left behind.</summary>
public sealed record CliResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}
