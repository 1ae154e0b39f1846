namespace Pipeline.Jobs.Tests;

public sealed class SqliteJobStoreTests : JobStoreContract
{
    protected override ValueTask<StoreUnderTest> OpenAsync() => new(new SqliteUnderTest());

    [Fact]
    public async Task Open_FileOfAnotherProgram_IsRefusedAndLeftAlone()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("jobs-foreign-");
        string path = Path.Combine(folder.FullName, "jobs.db");
        await File.WriteAllTextAsync(path, "this is a letter, not a database, and it is long enough to be looked at as one by mistake");

        JobStoreException error = Assert.Throws<JobStoreException>(() => new SqliteJobStore(path));

        Assert.Contains(path, error.Message);
        Assert.StartsWith("this is a letter", await File.ReadAllTextAsync(path));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WhenChanged_JobFromAnotherProcess_Ends()
    {
        await using SqliteUnderTest test = new();
        IJobStoreSignal other = (IJobStoreSignal)test.OpenAgain();
        Task changed = other.WhenChanged;

        await test.SubmitAsync();

        await changed.OrHang();
    }

    [Fact]
    public async Task Writes_OneThatIsRefusedAmongMany_LeavesTheOthers()
    {
        await using SqliteUnderTest test = new();
        Job job = await test.SubmitAsync();
        JobLease lease = await test.LeaseAsync();
        Task<SubmitResult>[] good = [.. Enumerable.Range(0, 50).Select(_ => test.Store.SubmitAsync(StoreUnderTest.Submission(), default).AsTask())];
        Task bad = test.Store.EndAsync(new JobLease(job, Guid.NewGuid(), lease.Duration), JobEnding.Canceled(), default).AsTask();

        SubmitResult[] results = await Task.WhenAll(good).OrHang();
        await bad.OrHang();

        Assert.All(results, result => Assert.Equal(SubmitOutcome.Accepted, result.Outcome));
        Assert.Equal(50, (await test.Store.GetStatsAsync(default)).Ready);
    }
}
