using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Refusals as problem details (RFC 9457).</summary>
internal static class Problems
{
    public static IResult Of(int status, string type, string title, string detail) => TypedResults.Problem(new ProblemDetails { Status = status, Type = $"urn:pipeline:jobs:{type}", Title = title, Detail = detail });

    public static IResult NotFound() => Of(404, "not-found", "There is no such job.", "The job does not exist, or it belongs to somebody else.");

    public static IResult Unavailable(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "5";
        return Of(503, "store-unavailable", "The job store does not answer.", $"{detail} A submission may have been stored: repeat it with the same Idempotency-Key.");
    }

    public static IResult TooMany(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "10";
        return Of(429, "too-many", "The tenant asks for more than it may.", detail);
    }
}
