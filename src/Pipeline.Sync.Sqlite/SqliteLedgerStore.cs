using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pipeline.Sync.Sqlite;

/// <summary>Keeps a ledger in one SQLite file: write-ahead log, full synchronization, one transaction per fold.</summary>
/// <remarks>Thread-safe: each call uses a connection of its own. Locking: SQLite's; the ledger serializes writers across processes.</remarks>
public sealed class SqliteLedgerStore : ILedgerStore
{
    private const int Format = 1;
    private const int ApplicationId = 0x504C4C47; // 'PLLG'

    private readonly string _connection;

    /// <summary>Opens a store, or creates it.</summary>
    /// <param name="path">The database file.</param>
    /// <exception cref="InvalidDataException">The file is not a ledger of a version that this library reads.</exception>
    /// <exception cref="IOException">The file could not be opened or written.</exception>
    public SqliteLedgerStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = Path.GetFullPath(path);
        _connection = new SqliteConnectionStringBuilder { DataSource = FilePath, DefaultTimeout = 60 }.ToString();
        try
        {
            SqliteFailure.Guard(FilePath, () =>
            {
                using SqliteConnection connection = Open();
                Prepare(connection);
                return true;
            });
        }
        catch
        {
            Dispose(); // no pooled connection may stay on a file that is not ours
            throw;
        }
    }

    /// <summary>Gets the database file.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<Guid, long> ReadConsumed()
    {
        return SqliteFailure.Guard<IReadOnlyDictionary<Guid, long>>(FilePath, () =>
        {
            using SqliteConnection connection = Open();
            using SqliteCommand command = Command(connection, "SELECT journal, records FROM consumed");
            using SqliteDataReader reader = command.ExecuteReader();
            Dictionary<Guid, long> consumed = new();
            while (reader.Read())
                consumed.Add(Guid.ParseExact(reader.GetString(0), "N"), reader.GetInt64(1));
            return consumed;
        });
    }

    /// <inheritdoc/>
    public FoldReport Fold(IReadOnlyList<JournalSlice> slices)
    {
        ArgumentNullException.ThrowIfNull(slices);
        return SqliteFailure.Guard(FilePath, () =>
        {
            using SqliteConnection connection = Open();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            using SqliteFold writer = new(connection, transaction);
            foreach (JournalSlice slice in slices)
                writer.Add(slice);
            transaction.Commit();
            return writer.Report();
        });
    }

    /// <inheritdoc/>
    public IEnumerable<LedgerEntry> ReadEntries()
    {
        using SqliteConnection connection = SqliteFailure.Guard(FilePath, Open);
        using SqliteCommand command = Command(connection,
            "SELECT number, key, units, kind, account, ticks, hash FROM entries ORDER BY number");
        using SqliteDataReader reader = SqliteFailure.Guard(FilePath, command.ExecuteReader);
        while (SqliteFailure.Guard(FilePath, reader.Read))
        {
            JournalEntry charge = new(
                ChargeKey.Parse(reader.GetString(1)), reader.GetInt64(2), (ChargeKind)reader.GetInt32(3), reader.GetInt64(4),
                new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero));
            yield return new LedgerEntry(reader.GetInt64(0), charge, reader.GetString(6));
        }
    }

    /// <inheritdoc/>
    public LedgerTotal Total(long? account)
    {
        return SqliteFailure.Guard(FilePath, () =>
        {
            using SqliteConnection connection = Open();
            using SqliteCommand command = Command(connection,
                "SELECT count(*), coalesce(sum(units), 0) FROM entries WHERE $account IS NULL OR account = $account");
            command.Parameters.AddWithValue("$account", account.HasValue ? account.Value : DBNull.Value);
            using SqliteDataReader reader = command.ExecuteReader();
            reader.Read();
            return new LedgerTotal(reader.GetInt64(0), reader.GetInt64(1));
        });
    }

    /// <inheritdoc/>
    public LedgerPeriod ClosePeriod(string name, DateTimeOffset closedAt)
    {
        return SqliteFailure.Guard(FilePath, () =>
        {
            using SqliteConnection connection = Open();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            LedgerPeriod[] periods = [.. ReadPeriods(connection, transaction)];
            if (Array.Exists(periods, period => period.Name == name))
            {
                throw new InvalidOperationException(
                    $"Period '{name}' of ledger '{FilePath}' is closed already. A closed period never changes; "
                    + "close the next under another name.");
            }

            long after = periods.Length == 0 ? 0 : periods[^1].LastNumber;
            using SqliteCommand last = Command(connection, "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1", transaction);
            long number = 0;
            string hash = LedgerEntry.FirstHash;
            using (SqliteDataReader reader = last.ExecuteReader())
            {
                if (reader.Read())
                    (number, hash) = (reader.GetInt64(0), reader.GetString(1));
            }

            using SqliteCommand sum = Command(connection,
                "SELECT count(*), coalesce(sum(units), 0) FROM entries WHERE number > $after", transaction);
            sum.Parameters.AddWithValue("$after", after);
            LedgerTotal total;
            using (SqliteDataReader reader = sum.ExecuteReader())
            {
                reader.Read();
                total = new LedgerTotal(reader.GetInt64(0), reader.GetInt64(1));
            }

            using SqliteCommand insert = Command(connection,
                "INSERT INTO periods (position, name, last_number, entries, units, hash, closed_ticks) "
            + "VALUES ($position, $name, $last, $entries, $units, $hash, $closed)", transaction);
            insert.Parameters.AddWithValue("$position", periods.Length + 1);
            insert.Parameters.AddWithValue("$name", name);
            insert.Parameters.AddWithValue("$last", number);
            insert.Parameters.AddWithValue("$entries", total.Entries);
            insert.Parameters.AddWithValue("$units", total.Units);
            insert.Parameters.AddWithValue("$hash", hash);
            insert.Parameters.AddWithValue("$closed", closedAt.UtcTicks);
            insert.ExecuteNonQuery();
            transaction.Commit();
            return new LedgerPeriod(name, number, total, hash, closedAt);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerPeriod> ReadPeriods()
    {
        return SqliteFailure.Guard<IReadOnlyList<LedgerPeriod>>(FilePath, () =>
        {
            using SqliteConnection connection = Open();
            return [.. ReadPeriods(connection, null)];
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChargeConflict> ReadConflicts()
    {
        return SqliteFailure.Guard<IReadOnlyList<ChargeConflict>>(FilePath, () =>
        {
            using SqliteConnection connection = Open();
            using SqliteCommand command = Command(connection, "SELECT key, charged, refused FROM conflicts ORDER BY rowid");
            using SqliteDataReader reader = command.ExecuteReader();
            List<ChargeConflict> conflicts = new();
            while (reader.Read())
                conflicts.Add(new ChargeConflict(ChargeKey.Parse(reader.GetString(0)), reader.GetInt64(1), reader.GetInt64(2)));
            return conflicts;
        });
    }

    /// <summary>Closes the pooled connections to the file.</summary>
    public void Dispose()
    {
        using SqliteConnection connection = new(_connection);
        SqliteConnection.ClearPool(connection);
    }

    private static IEnumerable<LedgerPeriod> ReadPeriods(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using SqliteCommand command = Command(connection,
            "SELECT name, last_number, entries, units, hash, closed_ticks FROM periods ORDER BY position", transaction);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new LedgerPeriod(
                reader.GetString(0), reader.GetInt64(1), new LedgerTotal(reader.GetInt64(2), reader.GetInt64(3)), reader.GetString(4),
                new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero));
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, SqliteTransaction? transaction = null)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this file
        command.CommandText = text;
#pragma warning restore CA2100
        command.Transaction = transaction;
        return command;
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = new(_connection);
        try
        {
            connection.Open();
            using SqliteCommand command = Command(connection, "PRAGMA synchronous = FULL");
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prepare(SqliteConnection connection)
    {
        using (SqliteCommand wal = Command(connection, "PRAGMA journal_mode = WAL"))
            wal.ExecuteNonQuery();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long application = Number("PRAGMA application_id");
        long format = Number("PRAGMA user_version");
        long tables = Number("SELECT count(*) FROM sqlite_master");
        if (application == ApplicationId && format == Format)
            return;
        if (application != 0 || format != 0 || tables != 0)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"'{FilePath}' is not a ledger of format {Format}: it has application id {application} and format {format}. "
                + $"Use another directory, or the version that wrote it."));
        }

        using SqliteCommand create = Command(connection, $"""
            CREATE TABLE entries (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, units INTEGER NOT NULL, kind INTEGER NOT NULL,
                account INTEGER NOT NULL, ticks INTEGER NOT NULL, hash TEXT NOT NULL);
            CREATE TABLE consumed (journal TEXT PRIMARY KEY, records INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE periods (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_number INTEGER NOT NULL,
                entries INTEGER NOT NULL, units INTEGER NOT NULL, hash TEXT NOT NULL, closed_ticks INTEGER NOT NULL);
            CREATE TABLE conflicts (key TEXT NOT NULL, charged INTEGER NOT NULL, refused INTEGER NOT NULL, UNIQUE (key, refused));
            PRAGMA application_id = 1347177543;
            PRAGMA user_version = 1;
            """, transaction);
        create.ExecuteNonQuery();
        transaction.Commit();

        long Number(string text)
        {
            using SqliteCommand command = Command(connection, text, transaction);
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }
    }
}
