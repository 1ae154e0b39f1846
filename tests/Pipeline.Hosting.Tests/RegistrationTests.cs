using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Core.Tests;

namespace Pipeline.Hosting.Tests;

/// <summary>What AddPipeline adds and refuses.</summary>
public sealed class RegistrationTests : HostTest
{
    public static TheoryData<string, Action<HostedPipelineOptions>> BadOptions => new()
    {
        { "at most 0 items in flight", options => options.Run.MaxItemsInFlight = 0 },
        { "0 workers", options => options.Run.Workers = 0 },
        { "readiness delay of -00:00:01", options => options.ReadinessDelay = TimeSpan.FromSeconds(-1) },
        { "abort time-out of 01:00:00", options => options.AbortTimeout = TimeSpan.FromHours(1) },
        { "exit code 0 for failures", options => options.FailureExitCode = 0 },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task AddPipeline_BadOptions_TheHostDoesNotStart(string problem, Action<HostedPipelineOptions> configure)
    {
        using IHost host = Build(services => services.AddPipeline(Define(static (x, ct) => new(x))).Configure(configure));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().OrHang());
        Assert.StartsWith("Pipeline 'work'", error.Message);
        Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void AddPipeline_SameNameTwice_IsRefused()
    {
        ServiceCollection services = new();
        services.AddPipeline(Define(static (x, ct) => new(x)));
        Assert.Contains(
            "A pipeline 'work' was added before",
            Assert.Throws<ArgumentException>(() => services.AddPipeline(Define(static (x, ct) => new(x)))).Message);
    }

    [Fact]
    public void WithSink_Twice_IsRefused()
    {
        HostedPipelineBuilder<int, int> builder = new ServiceCollection().AddPipeline(Define(static (x, ct) => new(x))).WithSink(
            static (_, _) => default);
        Assert.Contains(
            "has a sink already", Assert.Throws<InvalidOperationException>(() => builder.WithSink(static (_, _) => default)).Message);
    }

    [Fact]
    public async Task AddPipeline_TwoOfTheSameTypes_BothRunAndAreInjectedByName()
    {
        using IHost host = Build(services =>
        {
            services.AddPipeline(Define(static (x, ct) => new(x), "one")).Configure(options => options.Run.MaxItemsInFlight = 10);
            services.AddPipeline(Define(static (x, ct) => new(x), "two"));
        });
        Assert.Contains("2 pipelines have these types: one, two", Assert.Throws<InvalidOperationException>(() => Pipeline(host)).Message);
        await host.StartAsync().OrHang();
        HostedPipeline<int, int> one = host.Services.GetRequiredKeyedService<HostedPipeline<int, int>>("one");
        HostedPipeline<int, int> two = host.Services.GetRequiredKeyedService<HostedPipeline<int, int>>("two");
        await one.WriteAsync(1).AsTask().OrHang();
        await two.WriteAsync(1).AsTask().OrHang();
        await two.WriteAsync(2).AsTask().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal(
            (1L, 10, 2L, (int?)null),
            (one.Report!.ItemsCompleted, one.Report.MaxItemsInFlight!.Value, two.Report!.ItemsCompleted, two.Report.MaxItemsInFlight));
    }

    [Fact]
    public async Task AddPipeline_DefinitionAndSinkFromServices_GetThem()
    {
        List<int> results = [];
        using IHost host = Build(services =>
        {
            services.AddSingleton(results);
            services.AddKeyedSingleton<object>("factor", 3);
            services.AddPipeline("work", provider => Define((x, ct) => new(x * (int)provider.GetRequiredKeyedService<object>("factor"))))
                .WithSink(provider => (x, _) =>
                {
                    provider.GetRequiredService<List<int>>().Add(x);
                    return default;
                });
        });
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(5).AsTask().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal([15], results);
    }

    [Fact]
    public async Task Meter_OfTheHost_MeasuresTheRun()
    {
        using IHost host = Build(services => services.AddPipeline(Define(static (x, ct) => new(x))));
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();
        long items = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == factory && instrument.Name == "pipeline.stage.items")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => Interlocked.Add(
                ref items, tags.ToArray().Contains(new KeyValuePair<string, object?>("pipeline.stage.name", "body")) ? value : 0));
        listener.Start();
        await host.StartAsync().OrHang();
        await Pipeline(host).WriteAsync(5).AsTask().OrHang();
        await host.StopAsync().OrHang();
        Assert.Equal(1, items);
    }
}
