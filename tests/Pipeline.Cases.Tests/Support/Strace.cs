namespace Pipeline.Cases.Tests;

/// <summary>Runs the tool under strace, which fails system calls or lists them.</summary>
internal static class Strace
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Skips a test where strace is missing or may not trace.</summary>
    public static void Require() =>
        Assert.SkipUnless(ToolRun.Find("strace") is not null && ToolRun.Run(s_limit, "strace", "-o", "/dev/null", "true").ExitCode == 0, "strace is not installed or may not trace.");

    public static (ToolResult Result, string[] Trace) Run(Scratch scratch, string[] options, params string[] args)
    {
        string trace = scratch[$"trace-{Guid.NewGuid():N}"];
        (int code, string output, string error) = ToolRun.Run(s_limit, "strace", ["-f", "-o", trace, .. options, "dotnet", Tool.Path, .. args]);
        return (new ToolResult(code, output, error), File.ReadAllLines(trace));
    }
}
