namespace Pipeline.Sync;

/// <summary>A stretch of a journal that a store takes in as a whole, or not at all.</summary>
/// <param name="Journal">The journal's identity.</param>
/// <param name="From">The number of the first record; what the store has consumed before.</param>
/// <param name="Entries">The records from there on.</param>
public sealed record JournalSlice(Guid Journal, long From, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>Gets the number of the record after the last; what the store has consumed afterwards.</summary>
    public long To => From + Entries.Count;
}
