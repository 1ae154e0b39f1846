namespace Pipeline.Sync;

/// <summary>What a fold took into the ledger.</summary>
/// <param name="Added">Charges that were new.</param>
/// <param name="Duplicates">Charges that were there already, with the same units: retries.</param>
/// <param name="Conflicts">Charges that were there already with other units.</param>
public sealed record FoldReport(long Added, long Duplicates, IReadOnlyList<ChargeConflict> Conflicts);
