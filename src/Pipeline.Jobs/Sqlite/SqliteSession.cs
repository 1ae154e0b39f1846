using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    public SqliteSession(string path, TimeSpan busyTimeout, bool readOnly)
    {
        // No pool: the store keeps its few connections itself and closes them for good. DefaultTimeout 1: SQLite waits, not the provider with its coarse steps.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 1,
            Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
        }.ToString());
        try
        {
            _connection.Open();
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}"));
            Execute("PRAGMA synchronous = FULL");
            Execute("PRAGMA foreign_keys = OFF");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Gets whether a transaction is open; SQLite ends one by itself after some failures.</summary>
    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    public int Execute(string text, params ReadOnlySpan<(string Name, object? Value)> values) => Prepare(text, values).ExecuteNonQuery();

    public long? Number(string text, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Prepare(text, values).ExecuteScalar() is long number ? number : null;

    public T? First<T>(string text, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
        where T : class
    {
        using SqliteDataReader reader = Prepare(text, values).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    public List<T> All<T>(string text, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteDataReader reader = Prepare(text, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private SqliteCommand Prepare(string text, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(text, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // every text is made of constants of this package; what callers hand in are parameters
            command.CommandText = text;
#pragma warning restore CA2100
            _commands.Add(text, command);
        }

        command.Parameters.Clear();
        foreach ((string name, object? value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
