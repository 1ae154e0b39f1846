using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.AspNetCore.Tests;

/// <summary>A job service on a free port of this machine, with a body that waits for the test.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-service-");
    private readonly WebApplication _app;

    private ServiceUnderTest(Action<JobServiceOptions>? configure, string address, Action<IServiceCollection>? services)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.Services.AddPipelineJobs(options =>
        {
            options.DataFolder = _folder.FullName;
            options.Bodies.Add("count", CountAsync);
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        _app = builder.Build();
        if (services is not null)
            _app.UseAuthentication();
        _app.MapPipelineJobs();
    }

    public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Address => _app.Urls.First();

    public IServiceProvider Services => _app.Services;

    public string Folder => _folder.FullName;

    public HttpClient Client { get; private set; } = new();

    public static async Task<ServiceUnderTest> StartAsync(Action<JobServiceOptions>? configure = null, string address = "http://127.0.0.1:0", Action<IServiceCollection>? services = null)
    {
        ServiceUnderTest service = new(configure, address, services);
        try
        {
            await service._app.StartAsync().OrHang();
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        service.Client = service.NewClient();
        return service;
    }

    public HttpClient NewClient(string? key = null)
    {
        HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address.Replace("0.0.0.0", "127.0.0.1")), Timeout = Limits.Hang };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static HttpRequestMessage Post(string path, string json, string? key = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = Json(json) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    public static async Task<JsonElement> BodyAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public async Task<string> SubmitAsync(HttpClient? client = null, string payload = "{}")
    {
        using HttpResponseMessage response = await (client ?? Client).SendAsync(Post("/jobs", $$"""{"kind":"count","payload":{{payload}}}"""));
        return (await BodyAsync(response)).GetProperty("id").GetString()!;
    }

    /// <summary>Follows the events of a job to its end.</summary>
    public async Task<JsonElement> EndOfAsync(string id, HttpClient? client = null)
    {
        using CancellationTokenSource limit = new(Limits.Hang);
        using HttpResponseMessage response = await (client ?? Client).GetAsync($"/jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(limit.Token));
        JsonElement last = default;
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                last = JsonDocument.Parse(line["data: ".Length..]).RootElement.Clone();
        }

        return last;
    }

    public int ArtifactFiles() => Directory.EnumerateFiles(Path.Combine(Folder, "artifacts"), "*", SearchOption.AllDirectories).Count();

    public async ValueTask DisposeAsync()
    {
        Go.TrySetResult();
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async ValueTask<JobResult> CountAsync(JobContext context, CancellationToken cancellationToken)
    {
        context.Report(1, 2, "a.dng");
        if (context.Job.Payload.Contains("fail", StringComparison.Ordinal))
            throw new InvalidDataException("<script>alert(1)</script>");
        if (context.Job.Payload.Contains("wait", StringComparison.Ordinal))
            await Go.Task.WaitAsync(cancellationToken);
        ArtifactInfo stored = await context.PutAsync("report.txt", new MemoryStream("0123456789"u8.ToArray()), "text/plain", cancellationToken);
        return new JobResult(stored.Name, """{"lines":1}""");
    }
}
