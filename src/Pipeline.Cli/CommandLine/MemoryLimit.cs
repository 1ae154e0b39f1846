namespace Pipeline.Cli;

/// <summary>How much memory photos in flight may hold.</summary>
/// <param name="Bytes">Bytes, 1 or more; null for no limit.</param>
internal sealed record MemoryLimit(long? Bytes);
