namespace Pipeline.Core;

/// <summary>One item that failed, after all its attempts.</summary>
/// <param name="Stage">The stage that failed it.</param>
/// <param name="SequenceNumber">The item's number at the source, from 0.</param>
/// <param name="Source">The item as it came from the source.</param>
/// <param name="Attempts">How often it was tried in that stage.</param>
/// <param name="Exception">What the last attempt threw.</param>
public sealed record ItemFailure(string Stage, long SequenceNumber, object? Source, int Attempts, Exception Exception);
