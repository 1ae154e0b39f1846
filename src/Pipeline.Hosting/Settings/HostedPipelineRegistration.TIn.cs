namespace Pipeline.Hosting;

/// <summary>The same with the types of the pipeline's items and results.</summary>
internal sealed class HostedPipelineRegistration<TIn, TOut>(string name, Func<IServiceProvider, StagedPipeline<TIn, TOut>> definition)
    : HostedPipelineRegistration(name)
{
    public Func<IServiceProvider, StagedPipeline<TIn, TOut>> Definition => definition;

    /// <summary>Gets or sets the maker of the sink; null when results are only disposed.</summary>
    public Func<IServiceProvider, Func<TOut, CancellationToken, ValueTask>>? Sink { get; set; }
}
