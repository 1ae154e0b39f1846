namespace Pipeline.Sync;

/// <summary>The journal of this process: an <see cref="AppendLog"/> that no other process writes to. Stateless beside the log, so as thread-safe.</summary>
internal sealed class BillingJournal : IAsyncDisposable
{
    private readonly AppendLog _log;

    private BillingJournal(AppendLog log) => _log = log;

    /// <summary>Takes over the first journal that no live process owns, or begins a new one.</summary>
    /// <param name="directory">Where the journals are.</param>
    /// <param name="maxProcesses">How many there may be.</param>
    /// <param name="durability">What an acknowledged charge survives.</param>
    /// <param name="consumed">How many records of each journal the store has taken in.</param>
    public static BillingJournal Claim(string directory, int maxProcesses, Durability durability, IReadOnlyDictionary<Guid, long> consumed)
    {
        AppendLogOptions options = JournalFormat.Options(durability);
        for (int number = 0; number < maxProcesses; number++)
        {
            AppendLog log;
            try
            {
                log = AppendLog.Open(Path.Combine(directory, $"j{number:000}.jnl"), options);
            }
            catch (AppendLogException)
            {
                continue; // owned by a live process, no journal, or damaged: verification names it
            }

            if (JournalFormat.NumberAt(log.Content.End) >= consumed.GetValueOrDefault(log.Content.Id))
                return new BillingJournal(log);
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
            // It lost records that the store has: new ones in their places would count as taken in already. Verification names it.
        }

        throw new IOException(
            $"All {maxProcesses} journals in '{directory}' are in use by live processes or damaged. Close one, "
            + "or raise BillingLedgerOptions.MaxProcesses.");
    }

    /// <summary>Appends a record; the task ends when it is as durable as asked.</summary>
    public ValueTask AppendAsync(JournalEntry entry)
    {
        Span<byte> record = stackalloc byte[JournalFormat.ContentBytes];
        JournalFormat.Write(record, entry);
        return _log.AppendAsync(record);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
