using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pipeline.Hosting;

/// <summary>Adds pipelines to the services of a host.</summary>
public static class PipelineServices
{
    /// <summary>Adds a pipeline that runs as long as the host, under the name of its definition.</summary>
    /// <typeparam name="TIn">The items.</typeparam>
    /// <typeparam name="TOut">The results.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="definition">The pipeline.</param>
    /// <returns>A builder for the sink and the options.</returns>
    /// <exception cref="ArgumentException">A pipeline of that name was added before.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static HostedPipelineBuilder<TIn, TOut> AddPipeline<TIn, TOut>(
        this IServiceCollection services, StagedPipeline<TIn, TOut> definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return services.AddPipeline(definition.Name, _ => definition);
    }

    /// <summary>Adds a pipeline that runs as long as the host.</summary>
    /// <param name="name">The name of the keyed service, of the options and of the health check; by custom also that of the definition.</param>
    /// <param name="definition">Makes the pipeline when the host starts, from services of the host.</param>
    /// <remarks>
    /// What it adds: <see cref="HostedPipeline{TIn, TOut}"/>, keyed by the name, and without a key while it is the only one of its types; the
    /// hosted service that runs it; a health check <c>pipeline NAME</c> with the tag <c>ready</c>; options that are checked when the host starts.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is blank, or a pipeline of that name was added before.</exception>
    /// <inheritdoc cref="AddPipeline{TIn, TOut}(IServiceCollection, StagedPipeline{TIn, TOut})"/>
    public static HostedPipelineBuilder<TIn, TOut> AddPipeline<TIn, TOut>(
        this IServiceCollection services, string name, Func<IServiceProvider, StagedPipeline<TIn, TOut>> definition)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(definition);
        if (services.Any(
            service => !service.IsKeyedService && service.ImplementationInstance is HostedPipelineRegistration other && other.Name == name))
            throw new ArgumentException($"A pipeline '{name}' was added before. Names must be unique in a host, because options and "
                + $"injection go by them. Choose another name.", nameof(name));

        HostedPipelineRegistration<TIn, TOut> registration = new(name, definition);
        services.AddSingleton<HostedPipelineRegistration>(registration);
        services.AddSingleton<IValidateOptions<HostedPipelineOptions>>(new HostedPipelineOptionsValidator(name));
        services.AddOptions<HostedPipelineOptions>(name).ValidateOnStart();
        services.AddKeyedSingleton(name, (_, _) => new HostedPipeline<TIn, TOut>(name));
        services.TryAddSingleton(FindOnly<TIn, TOut>);
        services.AddSingleton<IHostedService>(provider => new HostedPipelineService<TIn, TOut>(
            registration,
            provider.GetRequiredKeyedService<HostedPipeline<TIn, TOut>>(name),
            provider.GetRequiredService<IOptionsMonitor<HostedPipelineOptions>>().Get(name),
            provider,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Pipeline.Hosting")));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"pipeline {name}",
            provider => new ReadinessCheck<TIn, TOut>(provider.GetRequiredKeyedService<HostedPipeline<TIn, TOut>>(name)),
            HealthStatus.Unhealthy,
            ["ready"]));
        return new HostedPipelineBuilder<TIn, TOut>(services, registration);
    }

    private static HostedPipeline<TIn, TOut> FindOnly<TIn, TOut>(IServiceProvider provider)
    {
        string[] names =
            [.. provider.GetServices<HostedPipelineRegistration>().OfType<HostedPipelineRegistration<TIn, TOut>>().Select(
                registration => registration.Name)];
        return names is [string only]
            ? provider.GetRequiredKeyedService<HostedPipeline<TIn, TOut>>(only)
            : throw new InvalidOperationException($"HostedPipeline<{typeof(TIn).Name}, {typeof(TOut).Name}> was asked for without a "
                + $"name, but {names.Length} pipelines have these types: {string.Join(", ", names)}. Ask by name, with "
                + $"[FromKeyedServices(\"{names[0]}\")].");
    }
}
