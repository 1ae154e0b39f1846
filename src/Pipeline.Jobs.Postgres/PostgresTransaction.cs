using Npgsql;
using NpgsqlTypes;

namespace Pipeline.Jobs.Postgres;

/// <summary>One transaction with the schema's tables. In texts, 'jobs', 'history' and 'keys' are found by the search path that the transaction sets.</summary>
internal sealed class PostgresTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now)
{
    /// <summary>Gets the time that this transaction goes by.</summary>
    public DateTimeOffset Now { get; } = now.ToUniversalTime();

    public async Task<int> ExecuteAsync(string text, params (string Name, object? Value)[] values)
    {
        NpgsqlCommand command = Prepare(text, values);
        await using (command.ConfigureAwait(false))
            return await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public async Task<object?> ScalarAsync(string text, params (string Name, object? Value)[] values)
    {
        NpgsqlCommand command = Prepare(text, values);
        await using (command.ConfigureAwait(false))
            return await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) is { } value and not DBNull ? value : null;
    }

    public async Task<List<T>> AllAsync<T>(string text, Func<NpgsqlDataReader, T> read, params (string Name, object? Value)[] values)
    {
        NpgsqlCommand command = Prepare(text, values);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                List<T> rows = [];
                while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                    rows.Add(read(reader));
                return rows;
            }
        }
    }

    public async Task<T?> FirstAsync<T>(string text, Func<NpgsqlDataReader, T> read, params (string Name, object? Value)[] values)
        where T : class => (await AllAsync(text, read, values).ConfigureAwait(false)).FirstOrDefault();

    private NpgsqlCommand Prepare(string text, (string Name, object? Value)[] values)
    {
#pragma warning disable CA2100 // every text is made of constants of this package; what callers hand in are parameters
        NpgsqlCommand command = new(text, connection, transaction);
#pragma warning restore CA2100
        foreach ((string name, object? value) in values)
        {
            command.Parameters.Add(value switch
            {
                DateTimeOffset time => new NpgsqlParameter(name, NpgsqlDbType.TimestampTz) { Value = time.ToUniversalTime() },
                _ => new NpgsqlParameter(name, TypeOf(name)) { Value = value ?? DBNull.Value },
            });
        }

        command.Parameters.Add(new NpgsqlParameter("now", NpgsqlDbType.TimestampTz) { Value = Now });
        return command;
    }

    // A null says no type, and the server does not guess one in every place.
    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "id" or "token" or "retry_of" or "job" => NpgsqlDbType.Uuid,
        "priority" or "state" or "max_deaths" or "max_errors" or "deaths" or "errors" or "interruptions" or "limit" => NpgsqlDbType.Integer,
        "turn" or "done" or "total" or "before" => NpgsqlDbType.Bigint,
        "waiting" or "settled" or "extend" or "result" => NpgsqlDbType.Boolean,
        "duration" => NpgsqlDbType.Interval,
        "fingerprint" => NpgsqlDbType.Bytea,
        "kinds" => NpgsqlDbType.Array | NpgsqlDbType.Text,
        _ => NpgsqlDbType.Text,
    };
}
