using System.Diagnostics;
using System.Text;

namespace Pipeline.Cli.Tests.Support;

/// <summary>The tool as a process of its own, for signals and kills.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly StringBuilder _error = new(); // guarded by itself
    private readonly Task<string> _out;
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = []; // guarded by _error

    private ToolProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => OnErrorLine(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _out = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Gets the number of the process.</summary>
    public int Id => _process.Id;

    public static ToolProcess Start(params string[] args) => new(new Process { StartInfo = CreateStart("dotnet", [], args) });

    /// <summary>Starts the tool with environment variables of its own, which its worker processes inherit.</summary>
    public static ToolProcess StartWith(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        ProcessStartInfo start = CreateStart("dotnet", [], args);
        foreach ((string variable, string value) in environment)
            start.Environment[variable] = value;
        return new ToolProcess(new Process { StartInfo = start });
    }

    public static async Task<CliResult> RunAsync(params string[] args)
    {
        using ToolProcess tool = Start(args);
        return await tool.EndAsync();
    }

    /// <summary>Runs the tool as a user without rights, when the tests run as the superuser, to whom every file is open.</summary>
    public static async Task<CliResult> RunWithoutRightsAsync(params string[] args)
    {
        ProcessStartInfo start = CreateStart("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet"], args);
        // The user has no home folder.
        start.Environment["DOTNET_CLI_HOME"] = Path.GetTempPath();
        using ToolProcess tool = new(new Process { StartInfo = start });
        return await tool.EndAsync();
    }

    /// <summary>Waits until a line of standard error starts with a text, or the process ends.</summary>
    public Task LineAsync(string text)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_error)
        {
            if (_error.ToString().Split('\n').Any(line => line.StartsWith(text, StringComparison.Ordinal)))
                return Task.CompletedTask;
            _awaited.Add((text, seen));
        }

        return Task.WhenAny(seen.Task, _process.WaitForExitAsync()).WaitAsync(s_limit, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends SIGKILL: the process gets no chance to do anything.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal by name, for example TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString()]);
        await kill.WaitForExitAsync().WaitAsync(s_limit, TestContext.Current.CancellationToken);
    }

    public async Task<CliResult> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_limit, TestContext.Current.CancellationToken);
        string output = await _out;
        lock (_error)
            return new CliResult(_process.ExitCode, output, _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static ProcessStartInfo CreateStart(string program, string[] before, string[] args) =>
        new(
            program,
            [.. before, typeof(CliApplication).Assembly.Location, .. args])
        { RedirectStandardOutput = true, RedirectStandardError = true };

    private void OnErrorLine(string? line)
    {
        if (line is null)
            return;
        lock (_error)
        {
            _error.Append(line).Append('\n');
            foreach ((_, TaskCompletionSource seen) in _awaited.Where(awaited => line.StartsWith(awaited.Text, StringComparison.Ordinal)))
                seen.TrySetResult();
        }
    }
}
