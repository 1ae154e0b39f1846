namespace Pipeline.Jobs.AspNetCore;

/// <summary>The body of POST /uploads.</summary>
/// <param name="FileName">The file's name, without folders.</param>
/// <param name="ContentType">Its media type; <c>application/octet-stream</c> when missing.</param>
/// <param name="Bytes">Its length.</param>
public sealed record UploadRequest(string? FileName, string? ContentType, long? Bytes);
