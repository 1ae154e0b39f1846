namespace Pipeline.Sync;

/// <summary>A sum over lines of the ledger.</summary>
/// <param name="Entries">How many lines.</param>
/// <param name="Units">The sum of their units, corrections included.</param>
public readonly record struct LedgerTotal(long Entries, long Units);
