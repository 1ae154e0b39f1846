namespace Pipeline.Core;

/// <summary>A function of a pool: its number on every connection and how workers find it.</summary>
/// <param name="Number">From 0, unique within the pool.</param>
/// <param name="Name">For errors.</param>
/// <param name="Definition">What a worker is told before the first call.</param>
internal sealed record PoolFunction(ushort Number, string Name, byte[] Definition);
