using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Pipeline.Core;
using Pipeline.Core.Tests;

namespace Pipeline.Hosting.Tests;

/// <summary>How a hosted pipeline starts and ends with its host. No other class of this assembly looks at the exit code of the process.</summary>
public sealed class LifetimeTests : HostTest, IDisposable
{
    private const int NotReady = 2;
    private const int Ended = 4;
    private const int ItemFailed = 6;
    private const int Aborting = 7;
    private const int StillRunning = 8;

    public void Dispose() => Environment.ExitCode = 0;

    [Fact]
    public async Task Host_StartsAndStops_ItemsWrittenBetweenAreFinished()
    {
        ConcurrentQueue<int> results = [];
        using IHost host = Build(services => services
            .AddPipeline(Define(static async (x, ct) =>
            {
                await Task.Yield();
                return x * 2;
            }))
            .WithSink((x, _) =>
            {
                results.Enqueue(x);
                return default;
            }));
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(host));
        await host.StartAsync().OrHang();
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
        for (int i = 0; i < 100; i++)
            await Pipeline(host).WriteAsync(i).AsTask().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal(Enumerable.Range(0, 100).Select(static x => x * 2), results);
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(host));
        RunReport report = await Pipeline(host).Completion.OrHang();
        Assert.Equal((RunOutcome.Drained, 100L), (report.Outcome, report.ItemsCompleted));
        Assert.Contains("100 items taken, 100 finished, 0 failed, 0 skipped, 0 unfinished", await Log.When(Ended).OrHang());
        Assert.Equal(0, Environment.ExitCode);
    }

    [Fact]
    public async Task WriteAsync_BeforeTheStartAndAfterTheEnd_SaysWhyItTakesNothing()
    {
        using IHost host = Build(services => services.AddPipeline(Define(static (x, ct) => new(x))));
        Assert.Contains(
            "has not started", (await Assert.ThrowsAsync<PipelineClosedException>(() => Pipeline(host).WriteAsync(1).AsTask())).Message);
        Assert.Null(Pipeline(host).Snapshot());
        await host.StartAsync().OrHang();
        await host.StopAsync().OrHang();
        Assert.Contains(
            "has ended", (await Assert.ThrowsAsync<PipelineClosedException>(() => Pipeline(host).WriteAsync(1).AsTask())).Message);
        Assert.Equal(0, Pipeline(host).Snapshot()!.ItemsIn);
    }

    [Fact]
    public async Task WriteAsync_FromTheStartOfAnEarlierHostedService_IsTaken()
    {
        using IHost host = Build(services =>
        {
            services.AddSingleton<IHostedService>(provider => new EarlyWriter(provider.GetRequiredService<HostedPipeline<int, int>>()));
            services.AddPipeline(Define(static (x, ct) => new(x)));
        });
        await host.StartAsync().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal(1, Pipeline(host).Report!.ItemsCompleted);
    }

    [Fact]
    public async Task StopAsync_ReadinessDelay_ReadinessTurnsOffBeforeTheInputCloses()
    {
        ManualClock clock = new();
        using IHost host = Build(services => services
            .AddPipeline(Define(static (x, ct) => new(x)))
            .Configure(options => (options.ReadinessDelay, options.Run.TimeProvider) = (TimeSpan.FromSeconds(30), clock)));
        await host.StartAsync().OrHang();
        Task stop = host.StopAsync();
        await Log.When(NotReady).OrHang();
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(host));
        await clock.WhenTimerIsSet().OrHang();
        await Pipeline(host).WriteAsync(1).AsTask().OrHang(); // who has not looked yet is still served
        Assert.False(stop.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(30));
        await stop.OrHang();
        Assert.Equal(1, Pipeline(host).Report!.ItemsCompleted);
    }

    [Fact]
    public async Task StopAsync_ItemsUnderWay_HostedServicesStopAfterTheInputClosedAndResultsStillCome()
    {
        // As with a web server: a request that waits for a result is only answered because the run drains before the server stops.
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiter? waiter = null;
        using IHost host = Build(services =>
        {
            services.AddPipeline(Define(async (x, ct) =>
            {
                await gate.Task;
                return x;
            }));
            services.AddSingleton<IHostedService>(
                provider => waiter = new Waiter(provider.GetRequiredService<HostedPipeline<int, int>>(), gate));
        });
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(1).AsTask().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal((true, 1L), (waiter!.SawClosedInput, waiter.Report!.ItemsCompleted));
    }

    [Fact]
    public async Task StopAsync_TimeIsUp_AbortsReportsUnfinishedItemsAndFailsTheExitCode()
    {
        using IHost host = Build(services => services
            .AddPipeline(Define(static async (x, ct) =>
            {
                await Task.Delay(Timeout.Infinite, ct);
                return x;
            }))
            .Configure(options => options.FailureExitCode = 7));
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(1).AsTask().OrHang();
        using CancellationTokenSource timeIsUp = new();
        await timeIsUp.CancelAsync();
        await host.StopAsync(timeIsUp.Token).OrHang();
        await Log.When(Aborting).OrHang();
        Assert.Contains("1 items taken, 0 finished, 0 failed, 0 skipped, 1 unfinished", await Log.When(Ended).OrHang());
        Assert.Equal(7, Environment.ExitCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pipeline(host).Completion.OrHang());
    }

    [Fact]
    public async Task StopAsync_BodyThatObeysNoToken_IsLeftBehindAfterTheAbortTimeout()
    {
        TaskCompletionSource never = new();
        using IHost host = Build(services => services
            .AddPipeline(Define(async (x, ct) =>
            {
                await never.Task;
                return x;
            }))
            .Configure(options => options.AbortTimeout = TimeSpan.Zero));
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(1).AsTask().OrHang();
        using CancellationTokenSource timeIsUp = new();
        await timeIsUp.CancelAsync();
        await host.StopAsync(timeIsUp.Token).OrHang();
        Assert.Contains("still has running bodies", await Log.When(StillRunning).OrHang());
        Assert.NotEqual(0, Environment.ExitCode);
        never.SetResult();
        await Log.When(Ended).OrHang();
    }

    [Fact]
    public async Task Dispose_HostThatWasNotStopped_EndsTheRun()
    {
        IHost host = Build(services => services.AddPipeline(Define(static (x, ct) => new(x))));
        await host.StartAsync().OrHang();
        HostedPipeline<int, int> pipeline = Pipeline(host);
        host.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.Completion.OrHang());
    }

    [Fact]
    public async Task Dispose_HostThatCouldNotStart_EndsTheRun()
    {
        HostedPipeline<int, int>? pipeline = null;
        IHost host = Build(services =>
        {
            services.AddPipeline(Define(static (x, ct) => new(x)));
            services.AddSingleton<IHostedService>(
                provider => new Failing(() => pipeline = provider.GetRequiredService<HostedPipeline<int, int>>()));
        });
        await Assert.ThrowsAsync<FormatException>(() => host.RunAsync().OrHang());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline!.Completion.OrHang());
    }

    [Fact]
    public async Task Run_Faults_StopsTheHostWithAFailingExitCode()
    {
        using IHost host = Build(
            services => services.AddPipeline(Define(static (x, ct) => throw new FormatException("bad item"))).Configure(
                options => options.FailureExitCode = 3));
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(1).AsTask().OrHang();
        await host.WaitForShutdownAsync().OrHang();
        Assert.Equal(3, Environment.ExitCode);
        Assert.IsType<FormatException>(
            (await Assert.ThrowsAsync<PipelineStageException>(() => Pipeline(host).Completion.OrHang())).InnerException);
        Assert.Contains(
            "was ended by a fault",
            (await Assert.ThrowsAsync<PipelineClosedException>(() => Pipeline(host).WriteAsync(1).AsTask())).Message);
    }

    [Fact]
    public async Task Run_FaultsAndTheHostMayGoOn_OnlyReadinessTurnsOff()
    {
        using IHost host = Build(
            services => services.AddPipeline(Define(static (x, ct) => throw new FormatException("bad item"))).Configure(
                options => options.StopHostOnFault = false));
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(1).AsTask().OrHang();
        await Log.When(Ended).OrHang();
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(host));
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        Assert.NotEqual(0, Environment.ExitCode);
        await host.StopAsync().OrHang();
    }

    [Fact]
    public async Task Item_Fails_IsLoggedAndTold()
    {
        ItemFailure? told = null;
        using IHost host = Build(services => services
            .AddPipeline(
                PipelineBuilder.Start<int>("work").Stage("body", static int (int x) => throw new FormatException("bad item"), o =>
                    o.OnFailure = FailurePolicy.Skip).Build())
            .Configure(options => options.Run.DeadLetter = failure => told = failure));
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(42).AsTask().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal(42, told?.Source);
        Assert.Contains("item 0 failed in stage 'body' after 1 attempts", await Log.When(ItemFailed).OrHang());
        Assert.Equal(0, Environment.ExitCode);
    }

    private sealed class Failing(Action before) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            before();
            throw new FormatException("cannot start");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class EarlyWriter(HostedPipeline<int, int> pipeline) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) => await pipeline.WriteAsync(1, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Stops like a web server: not before what it waits for is there.</summary>
    private sealed class Waiter(HostedPipeline<int, int> pipeline, TaskCompletionSource gate) : IHostedService
    {
        public bool SawClosedInput { get; private set; }

        public RunReport? Report { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            try
            {
                await pipeline.WriteAsync(2, cancellationToken);
            }
            catch (PipelineClosedException)
            {
                SawClosedInput = true;
            }

            gate.SetResult();
            Report = await pipeline.Completion.OrHang();
        }
    }
}
