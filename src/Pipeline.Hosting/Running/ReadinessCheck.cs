using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pipeline.Hosting;

/// <summary>Says whether a hosted pipeline should be sent items.</summary>
internal sealed class ReadinessCheck<TIn, TOut>(HostedPipeline<TIn, TOut> pipeline) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object> facts = [];
        if (pipeline.Snapshot() is { } run)
        {
            facts["itemsIn"] = run.ItemsIn;
            facts["itemsCompleted"] = run.ItemsCompleted;
            facts["itemsFailed"] = run.ItemsFailed;
            facts["inFlightBytes"] = run.InFlightBytes;
        }

        string text = $"Pipeline '{pipeline.Name}' {Sentence()}";
        return Task.FromResult(pipeline.State == HostedPipelineState.Ready
            ? HealthCheckResult.Healthy(text, facts)
            : new HealthCheckResult(context.Registration.FailureStatus, text, data: facts));
    }

    private string Sentence() => pipeline.State switch
    {
        HostedPipelineState.Created => "has not started.",
        HostedPipelineState.Ready => "takes items.",
        HostedPipelineState.NotReady => "is shutting down.",
        _ => pipeline.Completion.IsFaulted ? "was ended by a fault." : "has ended.",
    };
}
