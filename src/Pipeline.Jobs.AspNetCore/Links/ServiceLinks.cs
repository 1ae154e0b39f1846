using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>Links that lead to this service. What a link allows and until when is inside it, sealed with the service's keys; nothing is stored.</summary>
internal sealed class ServiceLinks(IDataProtectionProvider protection) : IArtifactLinks
{
    public const string Route = "/artifacts/";

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Pipeline.Jobs.Links").ToTimeLimitedDataProtector();

    public ValueTask<Uri> CreateDownloadAsync(string name, string fileName, TimeSpan life, CancellationToken cancellationToken) =>
        new(Create(new LinkTicket("GET", name, fileName, string.Empty, 0), life));

    public ValueTask<Uri> CreateUploadAsync(string name, string contentType, long maxBytes, TimeSpan life, CancellationToken cancellationToken) =>
        new(Create(new LinkTicket("PUT", name, string.Empty, contentType, maxBytes), life));

    /// <summary>Opens a link; null when it was not made here, was changed, or has run out.</summary>
    public LinkTicket? Open(string link)
    {
        try
        {
            return LinkTicket.Read(_protector.Unprotect(link));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private Uri Create(LinkTicket ticket, TimeSpan life) => new(Route + _protector.Protect(ticket.Write(), life), UriKind.Relative);
}
