namespace Pipeline.Sync;

/// <summary>The ledger beside what was really published.</summary>
/// <param name="Matched">Units of work that were published and charged.</param>
/// <param name="Missing">Published and not charged.</param>
/// <param name="Unexpected">Charged and not published.</param>
public sealed record Reconciliation(long Matched, IReadOnlyList<ChargeKey> Missing, IReadOnlyList<ChargeKey> Unexpected)
{
    /// <summary>Gets a value indicating whether ledger and publication agree.</summary>
    public bool IsExact => Missing.Count == 0 && Unexpected.Count == 0;
}
