using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Core;

namespace Pipeline.Hosting.Tests;

/// <summary>Builds hosts whose log can be waited for.</summary>
public abstract class HostTest
{
    private protected LogRecorder Log { get; } = new();

    private protected IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.AddProvider(Log)).AddMetrics();
        configure(builder.Services);
        return builder.Build();
    }

    private protected static StagedPipeline<int, int> Define(Func<int, CancellationToken, ValueTask<int>> body, string name = "work") =>
        PipelineBuilder.Start<int>(name).Stage("body", body).Build();

    private protected static HostedPipeline<int, int> Pipeline(IHost host) => host.Services.GetRequiredService<HostedPipeline<int, int>>();

    private protected static async Task<HealthStatus> HealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"))).Status;
}
