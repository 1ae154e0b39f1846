using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pipeline.Hosting;

/// <summary>Runs a pipeline from before the first hosted service starts until after the last request, and ends it as the host ends.</summary>
/// <remarks>
/// The order at shutdown: not ready; the readiness delay; the input closes. All of that before any hosted service, a web server for
/// instance, is stopped, so that requests which wait for results get them. Then the host stops its services and this one waits for the rest.
/// </remarks>
internal sealed class HostedPipelineService<TIn, TOut>(
    HostedPipelineRegistration<TIn, TOut> registration, HostedPipeline<TIn, TOut> pipeline, HostedPipelineOptions options,
    IServiceProvider services, IHostApplicationLifetime lifetime, ILogger logger)
    : IHostedLifecycleService, IDisposable
{
    private CancellationTokenRegistration _stopping; // written once, at the start
    private Task _watch = Task.CompletedTask; // written once, at the start
    private long _notReadySince; // Interlocked only; 0 while ready

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        RunOptions run = options.Run;
        run.MeterFactory ??= services.GetService<IMeterFactory>();
        Action<ItemFailure>? deadLetter = run.DeadLetter;
        run.DeadLetter = failure =>
        {
            HostingLog.ItemFailed(logger, failure.Exception, pipeline.Name, failure.SequenceNumber, failure.Stage, failure.Attempts);
            deadLetter?.Invoke(failure);
        };
        pipeline.Start(registration.Definition(services), registration.Sink?.Invoke(services), run);
        HostingLog.Started(logger, pipeline.Name);
        _watch = WatchAsync();
        _stopping = lifetime.ApplicationStopping.Register(TurnNotReady);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        TurnNotReady();
        TimeProvider clock = options.Run.TimeProvider;
        TimeSpan left = options.ReadinessDelay - clock.GetElapsedTime(Interlocked.Read(ref _notReadySince));
        if (left > TimeSpan.Zero && !_watch.IsCompleted)
        {
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_watch, Task.Delay(left, clock, enough.Token)).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
        }

        if (_watch.IsCompleted)
            return;
        pipeline.Drain();
        HostingLog.Draining(logger, pipeline.Name);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        pipeline.Drain();
        await _watch.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_watch.IsCompleted)
            return;
        HostingLog.Aborting(logger, pipeline.Name);
        Environment.ExitCode = options.FailureExitCode;
        pipeline.Abort();
        try
        {
            await _watch.WaitAsync(options.AbortTimeout, options.Run.TimeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            HostingLog.StillRunning(logger, pipeline.Name, options.AbortTimeout);
        }
    }

    public async Task StoppedAsync(CancellationToken cancellationToken) => await _stopping.DisposeAsync().ConfigureAwait(false);

    /// <summary>Ends the run of a host that is disposed without a stop: because another service could not start, or in a test.</summary>
    public void Dispose()
    {
        _stopping.Dispose();
        pipeline.Abort();
    }

    /// <summary>Sees the run end, says how, and ends the host after a fault.</summary>
    private async Task WatchAsync()
    {
        try
        {
            await pipeline.EndAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Aborted at shutdown, by this service.
        }
        catch (Exception error)
        {
            HostingLog.Faulted(logger, error, pipeline.Name, options.FailureExitCode);
            Environment.ExitCode = options.FailureExitCode;
            if (options.StopHostOnFault)
                lifetime.StopApplication();
        }

        RunReport report = pipeline.Report!;
        HostingLog.Ended(
            logger, pipeline.Name, report.Outcome, report.ItemsIn, report.ItemsCompleted, report.ItemsFailed, report.ItemsSkipped,
            report.ItemsUnfinished);
    }

    private void TurnNotReady()
    {
        if (Interlocked.CompareExchange(ref _notReadySince, Math.Max(1, options.Run.TimeProvider.GetTimestamp()), 0) != 0)
            return;
        pipeline.TurnNotReady();
        HostingLog.NotReady(logger, pipeline.Name, options.ReadinessDelay);
    }
}
