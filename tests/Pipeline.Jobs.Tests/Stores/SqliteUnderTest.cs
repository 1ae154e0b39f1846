namespace Pipeline.Jobs.Tests;

public sealed class SqliteUnderTest : StoreUnderTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-store-");
    private readonly List<SqliteJobStore> _stores = [];

    public SqliteUnderTest() => Store = OpenAgain();

    public override IJobStore Store { get; }

    public override IJobStore OpenAgain()
    {
        SqliteJobStore store = new(Path.Combine(_folder.FullName, "jobs.db"), new SqliteJobStoreOptions { TimeProvider = Clock });
        _stores.Add(store);
        return store;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (SqliteJobStore store in _stores)
            await store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
