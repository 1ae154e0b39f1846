using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Imaging.Hostile;

/// <summary>One child process at a time with one heap pattern; a new one follows when it crashes, hangs or takes too much memory.</summary>
/// <remarks>Not thread-safe: one caller at a time.</remarks>
internal sealed class WorkerProcess(string folder, byte pattern, HuntOptions options) : IDisposable
{
    // What a process keeps from photo to photo must not grow over a whole run.
    private const int PhotosPerProcess = 400;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private Process? _process;
    private int _done;

    /// <summary>Decodes one mutation.</summary>
    public async Task<Outcome> DecodeAsync(string name, int number)
    {
        if (_done++ >= PhotosPerProcess)
            End();
        Process process = _process ??= Start();
        Stopwatch clock = Stopwatch.StartNew();
        Task<string?> answer;
        try
        {
            await process.StandardInput.WriteLineAsync($"{name}\t{number}");
            await process.StandardInput.FlushAsync();
            answer = process.StandardOutput.ReadLineAsync();
        }
        catch (IOException)
        {
            answer = Task.FromResult<string?>(null);
        }

        while (!answer.IsCompleted)
        {
            await Task.WhenAny(answer, Task.Delay(s_look));
            long held = PeakMemory.ReadMebibytes(process.Id.ToString(CultureInfo.InvariantCulture), "VmRSS:");
            if (!answer.IsCompleted && (clock.Elapsed > options.Limit || held > options.MemoryMebibytes * 3L / 2))
            {
                process.Kill(entireProcessTree: true);
                End();
                return held > options.MemoryMebibytes ? new Outcome(OutcomeKind.OverMemory, "killed", $"{held} MiB after {clock.ElapsedMilliseconds} ms", clock.ElapsedMilliseconds, held)
                    : new Outcome(OutcomeKind.Hung, "killed", $"no end after {options.Limit.TotalSeconds} s", clock.ElapsedMilliseconds, held);
            }
        }

        if (await answer is { } line && Outcome.Parse(line) is { } outcome)
            return outcome.PeakMebibytes > options.MemoryMebibytes ? outcome with { Kind = OutcomeKind.OverMemory, Detail = outcome.Kind.ToString() } : outcome;
        await process.WaitForExitAsync().WaitAsync(options.Limit);
        int code = process.ExitCode;
        End();
        return new Outcome(OutcomeKind.Crashed, $"exit code {code}", "the process ended without an answer", clock.ElapsedMilliseconds, 0);
    }

    public void Dispose() => End();

    private Process Start()
    {
        _done = 0;
        ProcessStartInfo start = new("dotnet", [typeof(WorkerProcess).Assembly.Location, "worker", folder, $"{pattern}", $"{options.Seed}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GLIBC_TUNABLES"] = HeapPattern.Tunables(pattern);
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The worker process did not start.");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private void End()
    {
        if (_process is not { } process)
            return;
        _process = null;
        using (process)
        {
            if (!process.HasExited)
            {
                // Closing the input ends it; one that does not end is killed.
                process.StandardInput.Close();
                if (!process.WaitForExit(5000))
                    process.Kill(entireProcessTree: true);
            }
        }
    }
}
