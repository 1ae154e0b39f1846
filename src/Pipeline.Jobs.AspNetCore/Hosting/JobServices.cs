using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Adds the job service to an application.</summary>
public static class JobServices
{
    /// <summary>Adds the store, the artifacts, the links and, when bodies are given, a worker in this process.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddPipelineJobs(this IServiceCollection services, Action<JobServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        JobServiceOptions options = new();
        configure(options);
        options.Check();
        string folder = Path.GetFullPath(options.DataFolder);
        services.AddSingleton(options);
        services.AddSingleton(_ => options.Store ?? new SqliteJobStore(Path.Combine(folder, "jobs.db"), new SqliteJobStoreOptions { TimeProvider = options.TimeProvider }));
        services.AddSingleton(provider => options.Queue ?? new StoreJobQueue(provider.GetRequiredService<IJobStore>(), options.TimeProvider));
        services.AddSingleton(_ => options.Artifacts ?? new FolderArtifactStore(Path.Combine(folder, "artifacts"), options.TimeProvider));
        services.AddSingleton<ServiceLinks>();
        services.AddSingleton(provider => options.Links ?? provider.GetRequiredService<ServiceLinks>());
        services.AddSingleton<TenantLimits>();
        services.AddSingleton<JobReadiness>();
        services.AddDataProtection().SetApplicationName("Pipeline.Jobs").PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(folder, "keys")));
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, JobJson.Default));
        services.AddOpenApi();
        services.AddHostedService<JobHost>();
        TimeSpan stopping = options.StopDelay + (options.Worker?.DrainGrace ?? TimeSpan.Zero) + TimeSpan.FromSeconds(20);
        services.AddSingleton<IPostConfigureOptions<HostOptions>>(new PostConfigureOptions<HostOptions>(Options.DefaultName, host =>
            host.ShutdownTimeout = host.ShutdownTimeout > stopping ? host.ShutdownTimeout : stopping)); // a drain that the host cuts off is none
        return services;
    }
}
