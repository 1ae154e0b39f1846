using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Says which tenant a request belongs to, or why it is refused.</summary>
internal static class Caller
{
    private static readonly object s_key = new();

    public static string Tenant(HttpContext http) => (string)http.Items[s_key]!;

    /// <summary>Finds the tenant and notes it; gives the refusal otherwise.</summary>
    public static IResult? Admit(HttpContext http, JobServiceOptions options)
    {
        if (IsForged(http.Request))
            return Problems.Of(403, "forbidden-origin", "Another site's page may not do this.", "The Origin of the request is not this service. Call it from its own page or from a program.");
        if (!options.IsAuthenticated)
        {
            if (!IsLocal(http))
                return Problems.Of(403, "loopback-only", "Without authentication this service answers its own machine only.", "Configure API keys or another authentication, then call from elsewhere.");
            http.Items[s_key] = options.LocalTenant;
            return null;
        }

        string? tenant = FromUser(http, options) ?? FromKey(http.Request, options);
        if (tenant is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Of(401, "unauthenticated", "The caller is not known.", "Send an API key in the header 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'.");
        }

        if (!JobLimits.IsName(tenant))
            return Problems.Of(403, "tenant-invalid", "The caller's tenant has a name that is not allowed.", "Ask for a tenant of 1 to 64 characters of a-z, 0-9, '-', '_', '.'.");
        http.Items[s_key] = tenant;
        return null;
    }

    // A browser names the page that a request comes from. Programs send no Origin; a page of this service sends its own address.
    private static bool IsForged(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is "cross-site" || (site is "same-site" && !HttpMethods.IsGet(request.Method)))
            return true;
        string? origin = request.Headers.Origin;
        return origin is not null && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) || !string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    // A name that an attacker's server resolves to this machine is not a loopback name, so a page of theirs cannot come in by it; nor can what a proxy passes on.
    private static bool IsLocal(HttpContext http)
    {
        bool isLoopback = http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && http.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);
        bool isNamedSo = http.Request.Host.Host is "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out IPAddress? host) && IPAddress.IsLoopback(host));
        bool isPassedOn = http.Request.Headers.ContainsKey("Forwarded") || http.Request.Headers.ContainsKey("X-Forwarded-For");
        return isLoopback && isNamedSo && !isPassedOn;
    }

    private static string? FromUser(HttpContext http, JobServiceOptions options) =>
        options.TrustUser && http.User.Identity is { IsAuthenticated: true } ? http.User.FindFirst(options.TenantClaim)?.Value ?? string.Empty : null;

    private static string? FromKey(HttpRequest request, JobServiceOptions options)
    {
        string? key = request.Headers["X-Api-Key"];
        string? authorization = request.Headers.Authorization;
        if (key is null && authorization?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true)
            key = authorization["Bearer ".Length..].Trim();
        if (key is not { Length: > 0 and <= 200 })
            return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? tenant = null;
        foreach (ApiKey known in options.ApiKeys)
        {
            if (known.Matches(hash))
                tenant = known.Tenant;
        }

        return tenant;
    }
}
