using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Adds the routes of the job service to an application.</summary>
public static class JobRoutes
{
    private const int MaxRequestBytes = JobLimits.PayloadBytes + 64 * 1024;

    /// <summary>Maps jobs, uploads, artifacts, health, OpenAPI and the page, at the root of the application.</summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>The routes that need a caller, for further conventions.</returns>
    /// <exception cref="InvalidOperationException"><see cref="JobServices.AddPipelineJobs"/> was not called.</exception>
    public static RouteGroupBuilder MapPipelineJobs(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<JobServiceOptions>() is not { } options)
            throw new InvalidOperationException($"The job service is not there. Call {nameof(JobServices.AddPipelineJobs)} on the services before the application is built.");

        endpoints.MapGet("/health/live", () => TypedResults.Text("live")).ExcludeFromDescription();
        endpoints.MapGet("/health/ready", (JobReadiness readiness) => readiness.IsReady ? Results.Text("ready") : Results.Text("stopping", statusCode: 503)).ExcludeFromDescription();
        endpoints.MapOpenApi("/openapi/v1.json");
        JobPage.Map(endpoints);
        ArtifactEndpoints.Map(endpoints);

        RouteGroupBuilder group = endpoints.MapGroup(string.Empty);
        group.AddEndpointFilter((context, next) => AdmitAsync(context, next, options));
        JobEndpoints.Map(group);
        return group;
    }

    private static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, JobServiceOptions options)
    {
        HttpContext http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (Caller.Admit(http, options) is { } refusal)
            return refusal;
        if (!http.RequestServices.GetRequiredService<TenantLimits>().TryTakeRequest(Caller.Tenant(http)))
            return Problems.TooMany(http, $"At most {options.RequestsPerMinute:N0} requests a minute are answered. Wait as long as Retry-After says.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxRequestBytes;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (IOException error) when (error is JobStoreException)
        {
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Pipeline.Jobs").LogWarning(error, "The job store failed.");
            return Problems.Unavailable(http, "It could not be reached, read or written.");
        }
        catch (BadHttpRequestException error)
        {
            return Problems.Of(error.StatusCode, "bad-request", "The request cannot be read.", error.Message);
        }
    }
}
