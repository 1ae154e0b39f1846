using System.Text.Json;

namespace Pipeline.Cases.Tests;

/// <summary>What a run of the tool said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public JsonElement? Report { get; init; }

    /// <summary>Gets the failures of the report, each as "source: error".</summary>
    public IReadOnlyList<string> Failures => Report is { } report
        ? [.. report.GetProperty("failures").EnumerateArray().Select(static failure => $"{failure.GetProperty("source").GetString()}: {failure.GetProperty("error").GetString()}")]
        : [];

    public string AllText => Output + "\n" + Error;
}
