using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Runs the worker of the process, refuses to serve other machines without authentication, and stops in order: readiness, requests, jobs.</summary>
internal sealed class JobHost(
    JobServiceOptions options, IJobStore store, IJobQueue queue, IArtifactStore artifacts, JobReadiness readiness, IServer server, IHostApplicationLifetime lifetime, ILogger<JobHost> log) : IHostedLifecycleService
{
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Worker is { } settings && options.Bodies.Kinds.Count > 0)
        {
            settings.TimeProvider = options.TimeProvider;
            settings.Logger = log;
            JobWorker worker = new(store, queue, artifacts, options.Bodies, settings);
            _run = worker.RunAsync(_stop.Token);
        }

        return Task.CompletedTask;
    }

    // The addresses are known once the server listens. Until this has run, and after it, Caller refuses every request that is not from this machine.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.IsAuthenticated || server.Features.Get<IServerAddressesFeature>() is not { } feature)
            return Task.CompletedTask;
        string? open = feature.Addresses.FirstOrDefault(address => !IsLoopback(address));
        if (open is null)
            return Task.CompletedTask;
        lifetime.StopApplication();
        throw new InvalidOperationException($"The job service listens on {open}, which other machines can reach, and has no authentication. Configure API keys or another authentication, or listen on http://127.0.0.1.");
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.TurnOff();
        await Task.Delay(options.StopDelay, options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _stop.Dispose();
        return Task.CompletedTask;
    }

    private static bool IsLoopback(string address)
    {
        string host = Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) ? uri.Host.Trim('[', ']') : string.Empty;
        return host is "localhost" || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }
}
