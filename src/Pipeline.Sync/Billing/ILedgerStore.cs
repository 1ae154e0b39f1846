namespace Pipeline.Sync;

/// <summary>Where folded charges are kept. <c>Pipeline.Sync.Sqlite</c> has the reference implementation; another database fits with these methods.</summary>
/// <remarks>The ledger serializes the writing methods across processes. A store must be safe for readers beside one writer.</remarks>
public interface ILedgerStore : IDisposable
{
    /// <summary>Reads how many records of each journal have been taken in.</summary>
    /// <returns>Records, by journal.</returns>
    IReadOnlyDictionary<Guid, long> ReadConsumed();

    /// <summary>Takes in slices of journals, in one transaction: the lines, the numbers consumed and the conflicts, or nothing.</summary>
    /// <param name="slices">The slices; each begins where the store says that it ended.</param>
    /// <returns>What was new, repeated, or in conflict. A key that exists is never changed.</returns>
    FoldReport Fold(IReadOnlyList<JournalSlice> slices);

    /// <summary>Reads the lines in the order of their numbers.</summary>
    /// <returns>The lines, read as they are enumerated.</returns>
    IEnumerable<LedgerEntry> ReadEntries();

    /// <summary>Sums up lines.</summary>
    /// <param name="account">The account; null for all.</param>
    /// <returns>The sum.</returns>
    LedgerTotal Total(long? account);

    /// <summary>Closes a period after the last line, in one transaction.</summary>
    /// <param name="name">Its name, unique.</param>
    /// <param name="closedAt">The time to record, UTC.</param>
    /// <returns>The period.</returns>
    /// <exception cref="InvalidOperationException">A period of this name is closed.</exception>
    LedgerPeriod ClosePeriod(string name, DateTimeOffset closedAt);

    /// <summary>Reads the closed periods in order.</summary>
    /// <returns>The periods.</returns>
    IReadOnlyList<LedgerPeriod> ReadPeriods();

    /// <summary>Reads all conflicts that were ever met.</summary>
    /// <returns>The conflicts.</returns>
    IReadOnlyList<ChargeConflict> ReadConflicts();
}
