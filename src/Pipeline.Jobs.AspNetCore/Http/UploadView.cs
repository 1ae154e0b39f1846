namespace Pipeline.Jobs.AspNetCore;

/// <summary>Where to send an input.</summary>
/// <param name="Artifact">The name by which a payload refers to it.</param>
/// <param name="Url">Where to PUT the bytes; works once and for a short time.</param>
/// <param name="ContentType">The Content-Type that must be sent.</param>
/// <param name="MaxBytes">The most bytes that are taken.</param>
public sealed record UploadView(string Artifact, string Url, string ContentType, long MaxBytes);
