using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Hosting;

/// <summary>Completes what <see cref="PipelineServices"/> added.</summary>
/// <typeparam name="TIn">The items.</typeparam>
/// <typeparam name="TOut">The results.</typeparam>
public sealed class HostedPipelineBuilder<TIn, TOut>
{
    private readonly HostedPipelineRegistration<TIn, TOut> _registration;

    internal HostedPipelineBuilder(IServiceCollection services, HostedPipelineRegistration<TIn, TOut> registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>Gets the services to which the pipeline was added.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the name of the pipeline, of its options and of its keyed service.</summary>
    public string Name => _registration.Name;

    /// <summary>Says what becomes of results. Without a sink they are disposed when they are disposable.</summary>
    /// <param name="sink">Gets the results in the order of the last stage, one at a time, and owns them. An exception of it ends the run.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sink"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The pipeline has a sink already.</exception>
    public HostedPipelineBuilder<TIn, TOut> WithSink(Func<TOut, CancellationToken, ValueTask> sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return WithSink(_ => sink);
    }

    /// <summary>Says what becomes of results, with services of the host.</summary>
    /// <param name="sink">Makes the sink when the host starts.</param>
    /// <inheritdoc cref="WithSink(Func{TOut, CancellationToken, ValueTask})"/>
    public HostedPipelineBuilder<TIn, TOut> WithSink(Func<IServiceProvider, Func<TOut, CancellationToken, ValueTask>> sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_registration.Sink is not null)
            throw new InvalidOperationException($"Pipeline '{Name}' has a sink already. A run has one sink. Let that one pass results on.");
        _registration.Sink = sink;
        return this;
    }

    /// <summary>Sets options. They can also be bound to configuration under the pipeline's name, and are checked when the host starts.</summary>
    /// <param name="configure">Sets options.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public HostedPipelineBuilder<TIn, TOut> Configure(Action<HostedPipelineOptions> configure)
    {
        Services.Configure(Name, configure);
        return this;
    }
}
