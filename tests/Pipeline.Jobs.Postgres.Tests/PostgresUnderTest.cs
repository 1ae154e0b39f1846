using Npgsql;
using Pipeline.Jobs.Tests;

namespace Pipeline.Jobs.Postgres.Tests;

public sealed class PostgresUnderTest : StoreUnderTest
{
    private readonly NpgsqlDataSource _source;
    private readonly string _schema = $"t{Guid.NewGuid():N}";
    private readonly List<PostgresJobStore> _stores = [];

    private PostgresUnderTest(string connection) => _source = NpgsqlDataSource.Create(connection);

    public override IJobStore Store => _stores[0];

    public static async Task<PostgresUnderTest> OpenAsync(string connection)
    {
        PostgresUnderTest test = new(connection);
        await test.AddAsync();
        return test;
    }

    public override IJobStore OpenAgain() => AddAsync().GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync()
    {
        foreach (PostgresJobStore store in _stores)
            await store.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<PostgresJobStore> AddAsync()
    {
        PostgresJobStore store = await PostgresJobStore.OpenAsync(_source, new PostgresJobStoreOptions { Schema = _schema, TimeProvider = Clock });
        _stores.Add(store);
        return store;
    }
}
