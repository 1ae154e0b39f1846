using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Keeps worker processes running and tells the store of the death of one at once, so that its jobs need not wait for their leases to run out.</summary>
internal sealed class WorkerProcesses(IJobStore store, string[] arguments, int count, CliEnvironment environment)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    /// <summary>Runs until the token is canceled, then drains the workers.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(Enumerable.Range(1, count).Select(number => KeepAsync(number, stopping)));

    private async Task KeepAsync(int number, CancellationToken stopping)
    {
        TimeSpan pause = s_firstPause;
        for (int start = 1; !stopping.IsCancellationRequested; start++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{number}.{start}");
            long since = environment.TimeProvider.GetTimestamp();
            int code = await RunOneAsync(name, stopping).ConfigureAwait(false);
            if (code != 0 || !stopping.IsCancellationRequested)
                await TellAsync(name, code).ConfigureAwait(false);
            pause = environment.TimeProvider.GetElapsedTime(since) > s_longestPause ? s_firstPause : pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            await Task.Delay(pause, environment.TimeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOneAsync(string name, CancellationToken stopping)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
            start.ArgumentList.Add(typeof(WorkerProcesses).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--name");
        start.ArgumentList.Add(name);
        start.ArgumentList.Add("--until-input-ends"); // a worker whose parent was killed drains by itself
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration drain = stopping.Register(process.StandardInput.Close);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    private async Task TellAsync(string name, int code)
    {
        string reason = code > 128 ? $"it was killed by signal {code - 128}" : $"it ended with exit code {code}";
        try
        {
            int jobs = await store.ReportDeathAsync(name, reason, CancellationToken.None).ConfigureAwait(false);
            await environment.Error.WriteLineAsync($"pipeline: worker {name}: {reason}; {jobs} jobs go on elsewhere.").ConfigureAwait(false);
        }
        catch (JobStoreException e)
        {
            await environment.Error.WriteLineAsync($"pipeline: worker {name}: {reason}, and the store could not be told: {e.Message}").ConfigureAwait(false);
        }
    }
}
