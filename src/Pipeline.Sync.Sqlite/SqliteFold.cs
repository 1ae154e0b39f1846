using Microsoft.Data.Sqlite;

namespace Pipeline.Sync.Sqlite;

/// <summary>One fold: adds lines within a transaction. Used by one thread.</summary>
internal sealed class SqliteFold : IDisposable
{
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _consume;
    private readonly SqliteCommand _conflict;
    private readonly List<ChargeConflict> _conflicts = [];
    private string _hash = LedgerEntry.FirstHash;
    private long _number;
    private long _added;
    private long _duplicates;

    public SqliteFold(SqliteConnection connection, SqliteTransaction transaction)
    {
        _find = Prepare(connection, transaction, "SELECT units FROM entries WHERE key = $1", 1);
        _insert = Prepare(connection, transaction,
            "INSERT INTO entries (number, key, units, kind, account, ticks, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _consume = Prepare(connection, transaction,
            "INSERT INTO consumed (journal, records) VALUES ($1, $3) ON CONFLICT (journal) DO UPDATE SET records = $3 WHERE "
            + "records = $2", 3);
        _conflict = Prepare(connection, transaction, "INSERT OR IGNORE INTO conflicts (key, charged, refused) VALUES ($1, $2, $3)", 3);
        using SqliteCommand last = Prepare(connection, transaction, "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1", 0);
        using SqliteDataReader reader = last.ExecuteReader();
        if (reader.Read())
            (_number, _hash) = (reader.GetInt64(0), reader.GetString(1));
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
        _consume.Dispose();
        _conflict.Dispose();
    }

    public FoldReport Report() => new(_added, _duplicates, _conflicts);

    public void Add(JournalSlice slice)
    {
        if (Run(_consume, slice.Journal.ToString("N"), slice.From, slice.To) != 1)
        {
            throw new InvalidOperationException(
                $"Journal {slice.Journal:N} was folded by somebody else at the same time. Fold only through the BillingLedger, "
                + "which serializes it.");
        }

        foreach (JournalEntry entry in slice.Entries)
            Add(entry);
    }

    private void Add(JournalEntry entry)
    {
        string key = entry.Key.ToString();
        _find.Parameters[0].Value = key;
        if (_find.ExecuteScalar() is long charged)
        {
            if (charged == entry.Units)
            {
                _duplicates++;
                return;
            }

            if (Run(_conflict, key, charged, entry.Units) == 1)
                _conflicts.Add(new ChargeConflict(entry.Key, charged, entry.Units));
            return;
        }

        _hash = LedgerEntry.HashOf(_hash, ++_number, entry);
        Run(_insert, _number, key, entry.Units, (int)entry.Kind, entry.Account, entry.Time.UtcTicks, _hash);
        _added++;
    }

    private static int Run(SqliteCommand command, params object[] values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, SqliteTransaction transaction, string text, int parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this file
        command.CommandText = text;
#pragma warning restore CA2100
        command.Transaction = transaction;
        for (int i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }
}
