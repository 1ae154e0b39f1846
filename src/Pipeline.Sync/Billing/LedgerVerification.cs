namespace Pipeline.Sync;

/// <summary>The outcome of checking a ledger and its journals.</summary>
/// <param name="Total">The sum over all lines.</param>
/// <param name="Unfolded">Charges that are in journals and not yet in the ledger; not a problem.</param>
/// <param name="TornBytes">Bytes of records that were cut off by a crash while they were written; never acknowledged, so not a problem.</param>
/// <param name="Problems">What is wrong, a sentence each.</param>
public sealed record LedgerVerification(LedgerTotal Total, long Unfolded, long TornBytes, IReadOnlyList<string> Problems)
{
    /// <summary>Gets a value indicating whether nothing is wrong.</summary>
    public bool IsClean => Problems.Count == 0;
}
