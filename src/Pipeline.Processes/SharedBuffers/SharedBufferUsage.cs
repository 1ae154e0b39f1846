namespace Pipeline.Processes;

/// <summary>The numbers of a <see cref="SharedBufferPool"/> at one moment. All are bytes.</summary>
/// <param name="InUse">Rented, or held by a call.</param>
/// <param name="Idle">Given back and kept for the next buffer.</param>
/// <param name="PeakInUse">The most that was in use.</param>
/// <param name="Copied">Copied into buffers by <see cref="SharedBufferPool.CopyOf"/>; buffers that are written in place copy nothing.</param>
public sealed record SharedBufferUsage(long InUse, long Idle, long PeakInUse, long Copied);
