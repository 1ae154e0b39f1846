namespace Pipeline.Sync;

/// <summary>A closed period. Its figures never change; what arrives later belongs to the next one.</summary>
/// <param name="Name">Its name, for example <c>2026-11</c>.</param>
/// <param name="LastNumber">The number of its last line; 0 when the ledger was empty.</param>
/// <param name="Total">The sum over its lines.</param>
/// <param name="Hash">The hash of its last line, which fixes every line up to it.</param>
/// <param name="ClosedAt">When it was closed, UTC.</param>
public sealed record LedgerPeriod(string Name, long LastNumber, LedgerTotal Total, string Hash, DateTimeOffset ClosedAt);
