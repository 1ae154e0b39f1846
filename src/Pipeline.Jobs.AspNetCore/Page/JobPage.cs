using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>The page: three files inside the assembly, no build step, nothing from elsewhere.</summary>
internal static class JobPage
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        File(endpoints, "/", "jobs.html", "text/html; charset=utf-8");
        File(endpoints, "/jobs.js", "jobs.js", "text/javascript; charset=utf-8");
        File(endpoints, "/jobs.css", "jobs.css", "text/css; charset=utf-8");
    }

    private static void File(IEndpointRouteBuilder endpoints, string route, string name, string contentType)
    {
        using Stream resource = typeof(JobPage).Assembly.GetManifestResourceStream(name)!;
        using MemoryStream copy = new();
        resource.CopyTo(copy);
        byte[] bytes = copy.ToArray();
        endpoints.MapGet(route, (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(bytes, contentType);
        }).ExcludeFromDescription();
    }
}
