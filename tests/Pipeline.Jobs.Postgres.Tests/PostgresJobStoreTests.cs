using Pipeline.Jobs.Tests;

[assembly: AssemblyFixture(typeof(Pipeline.Jobs.Postgres.Tests.PostgresServer))]

namespace Pipeline.Jobs.Postgres.Tests;

public sealed class PostgresJobStoreTests(PostgresServer server) : JobStoreContract
{
    protected override async ValueTask<StoreUnderTest> OpenAsync() => await PostgresUnderTest.OpenAsync(server.ConnectionString);

    [Fact]
    public async Task WhenChanged_JobFromAnotherProcess_Ends()
    {
        await using PostgresUnderTest test = await PostgresUnderTest.OpenAsync(server.ConnectionString);
        PostgresJobStore other = (PostgresJobStore)test.OpenAgain();

        // The listener starts on its own; a signal before it listens is lost, as the contract says, so the job is sent until one is heard.
        Task changed = other.WhenChanged;
        for (int i = 0; i < 600 && !changed.IsCompleted; i++)
        {
            await test.SubmitAsync();
            await Task.WhenAny(changed, Task.Delay(100));
        }

        Assert.True(changed.IsCompleted);
    }

    [Fact]
    public async Task Open_ServerThatIsAway_SaysSo()
    {
        await using Npgsql.NpgsqlDataSource source = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Timeout=5");
        JobStoreException error = await Assert.ThrowsAsync<JobStoreException>(() => PostgresJobStore.OpenAsync(source));
        Assert.Contains("PostgreSQL", error.Message);
    }
}
