using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Answers the links that this service makes. The link is all that a request needs, and all that it can do is what the link says.</summary>
internal static class ArtifactEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(ServiceLinks.Route + "{link}", ["GET", "HEAD"], GetAsync).WithName("Download").WithSummary("Gives the bytes of a link; resumable by Range.").ProducesProblem(403);
        endpoints.MapPut(ServiceLinks.Route + "{link}", PutAsync).WithName("Upload").WithSummary("Takes the bytes of a link, once.").ProducesProblem(403).ProducesProblem(409).ProducesProblem(413);
    }

    private static async Task<IResult> GetAsync(HttpContext http, ServiceLinks links, IArtifactStore artifacts, string link)
    {
        Protect(http);
        if (links.Open(link) is not { Method: "GET" } ticket)
            return Refused();
        ArtifactInfo? info = await artifacts.FindAsync(ticket.Name, http.RequestAborted).ConfigureAwait(false);
        Stream? stream = info is null ? null : await artifacts.OpenReadAsync(ticket.Name, http.RequestAborted).ConfigureAwait(false);
        if (info is null || stream is null)
            return Problems.Of(404, "artifact-missing", "The file is gone.", "The link is good, but its file was removed.");
        return TypedResults.Stream(stream, info.ContentType, ticket.FileName, entityTag: new EntityTagHeaderValue($"\"{info.ETag}\""), enableRangeProcessing: true);
    }

    private static async Task<IResult> PutAsync(HttpContext http, ServiceLinks links, IArtifactStore artifacts, string link)
    {
        Protect(http);
        if (links.Open(link) is not { Method: "PUT" } ticket)
            return Refused();
        if (!string.Equals(http.Request.ContentType, ticket.ContentType, StringComparison.OrdinalIgnoreCase))
            return Problems.Of(415, "media-type", "The upload has another type than announced.", $"Send it with Content-Type: {ticket.ContentType}.");
        if (http.Request.ContentLength > ticket.MaxBytes)
            return Problems.Of(413, "too-large", "The upload is larger than announced.", $"At most {ticket.MaxBytes:N0} bytes are taken.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = ticket.MaxBytes + 1;
        try
        {
            ArtifactInfo? stored = await artifacts.PutAsync(ticket.Name, http.Request.Body, ticket.ContentType, ticket.MaxBytes, http.RequestAborted).ConfigureAwait(false);
            return stored is null
                ? Problems.Of(409, "uploaded", "The link has been used.", "An upload link works once. Ask for another one.")
                : TypedResults.NoContent();
        }
        catch (Exception error) when (error is ArtifactTooLargeException or BadHttpRequestException { StatusCode: 413 })
        {
            return Problems.Of(413, "too-large", "The upload is larger than announced.", $"At most {ticket.MaxBytes:N0} bytes are taken.");
        }
        catch (BadHttpRequestException error)
        {
            return Problems.Of(error.StatusCode, "bad-request", "The upload broke off.", error.Message);
        }
        catch (IOException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return Problems.Of(507, "storage", "The upload could not be stored.", "The service's disk may be full. Nothing was kept; try again later.");
        }
    }

    // What users upload and bodies make is data: a browser that opens it shows nothing as a page of this service.
    private static void Protect(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    private static IResult Refused() => Problems.Of(403, "link-invalid", "The link does not work.", "It was changed, is for another method, or has run out. Ask for a new one.");
}
