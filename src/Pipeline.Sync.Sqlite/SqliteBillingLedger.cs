namespace Pipeline.Sync.Sqlite;

/// <summary>Opens a <see cref="BillingLedger"/> whose store is an SQLite database in the same directory.</summary>
public static class SqliteBillingLedger
{
    /// <summary>The name of the database file.</summary>
    public const string FileName = "ledger.db";

    /// <summary>Opens a ledger, or creates it.</summary>
    /// <param name="directory">The ledger's directory; created when missing. On a local file system.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The ledger; dispose it.</returns>
    /// <exception cref="InvalidDataException">The database is not a ledger of a version that this library reads.</exception>
    /// <exception cref="IOException">The directory or the database could not be opened or written.</exception>
    /// <exception cref="LockingUnavailableException">The file system does not lock.</exception>
    public static BillingLedger Open(string directory, BillingLedgerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        Directory.CreateDirectory(directory);
        SqliteLedgerStore store = new(Path.Combine(directory, FileName));
        try
        {
            return BillingLedger.Open(directory, store, options);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
