namespace Pipeline.Cli.Tests.Support;

/// <summary>Runs the tool inside the test's process.</summary>
internal static class CliRun
{
    public static Task<CliResult> RunAsync(params string[] args) => RunAsync(onErrorLine: null, args);

    /// <summary>Runs the tool as if a user typed these lines, and then ended the input.</summary>
    public static async Task<CliResult> RunAtTerminalAsync(string typed, params string[] args)
    {
        using StringReader input = new(typed);
        return await RunAsync(null, input, args, null);
    }

    /// <summary>Runs the tool and lets the test react to a line of its progress, for example by a signal.</summary>
    public static Task<CliResult> RunAsync(Action<string, Interrupts>? onErrorLine, params string[] args) =>
        RunAsync(onErrorLine, null, args, null);

    /// <summary>Runs the tool with another program for its worker processes.</summary>
    public static Task<CliResult> RunWithWorkersAsync(string workerProgram, params string[] args) =>
        RunAsync(null, null, args, workerProgram);

    private static async Task<CliResult> RunAsync(
        Action<string, Interrupts>? onErrorLine, TextReader? input, string[] args, string? workerProgram)
    {
        using Interrupts interrupts = new();
        using StringWriter output = new();
        using WatchedWriter error = new(line => onErrorLine?.Invoke(line, interrupts));
        CliEnvironment environment = new()
        {
            Out = output,
            Error = error,
            In = input,
            Interrupts = interrupts,
            WorkerProgram = workerProgram ?? "Pipeline.Cli.dll"
        };
        int exitCode = await CliApplication.RunAsync(args, environment)
            .WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    private sealed class WatchedWriter(Action<string> onLine) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            onLine(value ?? "");
        }
    }
}
