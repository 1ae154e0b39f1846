using System.Text.Json;

namespace Pipeline.Cases.Tests;

/// <summary>Runs the tool as a process of its own.</summary>
internal static class Tool
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(100);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Pipeline.Cli.dll");

    public static ToolResult Run(params string[] args) => Run(Limit, args);

    public static ToolResult Run(TimeSpan limit, params string[] args)
    {
        (int code, string output, string error) = ToolRun.Run(limit, "dotnet", [Path, .. args]);
        return new ToolResult(code, output, error);
    }

    /// <summary>Processes into a folder with a report, which the result holds.</summary>
    public static ToolResult Process(Scratch scratch, string input, string output, params string[] more)
    {
        string report = scratch[$"report-{Guid.NewGuid():N}.json"];
        ToolResult result = Run(["process", input, "--out", output, "--no-progress", "--json", report, .. more]);
        return File.Exists(report) ? result with { Report = JsonDocument.Parse(File.ReadAllBytes(report)).RootElement } : result;
    }

    /// <summary>Reads the total of a ledger; 0 when there is none.</summary>
    public static long LedgerTotal(string ledger)
    {
        if (!Directory.Exists(ledger))
            return 0;
        ToolResult result = Run("ledger", "total", ledger);
        Assert.Equal(0, result.ExitCode);
        return long.Parse(new string([.. result.Output.TakeWhile(static c => c is not '\n').Where(char.IsAsciiDigit)]));
    }
}
