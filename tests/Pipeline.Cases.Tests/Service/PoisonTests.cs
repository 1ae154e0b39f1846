using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Cases.Tests.Service;

/// <summary>No order ends the sample service: what was answered with 202 is finished or reported.</summary>
public sealed class PoisonTests
{
    [Theory]
    [InlineData("text-null", """{"id":"poison","text":null,"rounds":1}""", 1)]
    [InlineData("id-null", """{"id":null,"text":"a","rounds":1}""", 1)]
    [InlineData("empty", "{}", 1)]
    [InlineData("null", "null", 1)]
    [InlineData("rounds-negative", """{"id":"poison","text":"a","rounds":-5}""", 1)]
    [InlineData("surrogate", """{"id":"poison","text":"\ud800","rounds":1}""", 1)]
    [InlineData("many-failing", """{"id":"z","text":"a","rounds":0}""", 1001)]
    public Task Order_ThatIsPoisoned_EndsNothing(string name, string order, int times) => Known.RunAsync("service/" + name, () => CheckAsync(order, times));

    private static async Task CheckAsync(string poison, int times)
    {
        TimeSpan limit = TimeSpan.FromSeconds(60);
        int port = FreePort();
        using Process service = Start(port);
        try
        {
            using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = limit };
            await UntilAsync(async () => (await client.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode, limit);
            StringBuilder results = new();
            Task reading = ReadAsync(client, results);
            List<string> accepted = [];
            for (int i = 0; i < 10; i++)
                await OrderAsync($"a{i}");
            for (int i = 0; i < times; i++)
                await SendAsync(client, poison);
            for (int i = 0; i < 40; i++)
                await OrderAsync($"b{i}");
            Assert.True(!service.HasExited, "the service ended");
            Assert.Equal(50, accepted.Count);
            await UntilAsync(
                () =>
                {
                    lock (results)
                        return Task.FromResult(accepted.All(id => results.ToString().Contains($"\"{id}\"", StringComparison.Ordinal)));
                },
                limit);

            async Task OrderAsync(string id)
            {
                if (await SendAsync(client, $$"""{"id":"{{id}}","text":"a","rounds":1000}""") == HttpStatusCode.Accepted)
                    accepted.Add(id);
            }
        }
        finally
        {
            service.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(int port)
    {
        // The sample's own folder of the same build.
        string dll = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Pipeline.SampleService", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Pipeline.SampleService.dll"));
        Assert.SkipUnless(File.Exists(dll), $"The sample service is not built at {dll}.");
        Process process = new() { StartInfo = new ProcessStartInfo("dotnet", [dll, "--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.StartInfo.Environment["Logging__LogLevel__Default"] = "Warning";
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<HttpStatusCode?> SendAsync(HttpClient client, string json)
    {
        try
        {
            using StringContent content = new(json, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await client.PostAsync(new Uri("/orders", UriKind.Relative), content);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task ReadAsync(HttpClient client, StringBuilder results)
    {
        try
        {
            using Stream stream = await client.GetStreamAsync(new Uri("/results?from=0", UriKind.Relative));
            using StreamReader reader = new(stream);
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (results)
                    results.AppendLine(line);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The service ended; the orders that are missing say so.
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan limit)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            try
            {
                if (await isSo())
                    return;
            }
            catch (HttpRequestException)
            {
                // It is not up yet.
            }

            await Task.Delay(100);
        }

        Assert.Fail($"not so within {limit.TotalSeconds} s");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
