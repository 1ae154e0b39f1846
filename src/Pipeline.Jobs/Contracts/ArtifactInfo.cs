namespace Pipeline.Jobs;

/// <summary>What a store knows about an artifact.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">A text that differs for different bytes, without quotes.</param>
public sealed record ArtifactInfo(string Name, long Bytes, string ContentType, string ETag);
