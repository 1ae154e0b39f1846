using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Core.Tests;

namespace Pipeline.Hosting.Tests;

/// <summary>The sample service as a process of its own, on a free loopback port.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly Lock _gate = new();
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = []; // guarded by _gate

    private SampleProcess(string[] arguments)
    {
        _process =
            new Process
            {
                StartInfo = new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "Pipeline.SampleService"),
                ["--urls", "http://127.0.0.1:0", .. arguments])
                { RedirectStandardOutput = true }
            };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
    }

    /// <summary>Gets a client of the service.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Gets what the service wrote, as one text.</summary>
    public string Output => string.Join('\n', _output);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public static async Task<SampleProcess> StartAsync(params string[] arguments)
    {
        SampleProcess sample = new(arguments);
        Task<string> listening = sample.WhenWritten("Now listening on: ");
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample.Client = new HttpClient { BaseAddress = new Uri(Address().Match(await listening.OrHang()).Value) };
        return sample;
    }

    /// <summary>Waits for the next line with a text.</summary>
    public Task<string> WhenWritten(string text)
    {
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _awaited.Add((text, seen));
        return seen.Task;
    }

    /// <summary>Offers an order.</summary>
    /// <returns>True when it was accepted, false when the service refuses orders or is not there any more.</returns>
    public async Task<bool> OrderAsync(string id, int rounds)
    {
        try
        {
            using HttpResponseMessage answer = await Client.PostAsJsonAsync("/orders", new { id, text = id, rounds });
            return answer.StatusCode switch
            {
                HttpStatusCode.Accepted => true,
                HttpStatusCode.ServiceUnavailable => false,
                _ => throw new InvalidOperationException($"The service answered {answer.StatusCode}."),
            };
        }
        catch (HttpRequestException error)
            when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded)
        {
            // No process listens, or the server closed an idle connection at the moment when the request was sent: no answer is no acceptance.
            return false;
        }
    }

    /// <summary>Reads results until the service ends the stream.</summary>
    /// <param name="stopAfter">How many are enough; the stream is left then.</param>
    public async Task<List<(string Id, string? Digest, string? Error)>> ReadResultsAsync(int stopAfter = int.MaxValue)
    {
        List<(string Id, string? Digest, string? Error)> results = [];
        using HttpResponseMessage answer = await Client.GetAsync(
            new Uri("/results", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync());
        while (results.Count < stopAfter && await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            JsonElement result = JsonDocument.Parse(line["data: ".Length..]).RootElement;
            results.Add(
                (result.GetProperty("id").GetString()!, result.GetProperty("digest").GetString(), result.GetProperty("error").GetString()));
        }

        return results;
    }

    public async Task<HttpStatusCode> StatusOfAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    public void Terminate()
    {
        if (Kill(_process.Id, Sigterm) != 0)
            throw new InvalidOperationException($"kill failed with error {Marshal.GetLastPInvokeError()}.");
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().OrHang();
        return _process.ExitCode;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    private void Note(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        List<TaskCompletionSource<string>> seen = [];
        lock (_gate)
        {
            seen.AddRange(_awaited.Where(wait => line.Contains(wait.Text, StringComparison.Ordinal)).Select(wait => wait.Seen));
            _awaited.RemoveAll(wait => seen.Contains(wait.Seen));
        }

        foreach (TaskCompletionSource<string> wait in seen)
            wait.SetResult(line);
    }
}
