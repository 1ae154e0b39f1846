namespace Pipeline.Jobs.Tests;

/// <summary>What every store promises. One class per store inherits it.</summary>
public abstract partial class JobStoreContract
{
    private static readonly JobProblem s_problem = new("disk", "The disk is on fire.", "sda1");

    protected abstract ValueTask<StoreUnderTest> OpenAsync();

    [Fact]
    public async Task Submit_NewJob_IsThereForAnotherProcess()
    {
        await using StoreUnderTest test = await OpenAsync();

        SubmitResult result = await test.Store.SubmitAsync(StoreUnderTest.Submission(payload: """{"n":1}"""), default);

        Assert.Equal(SubmitOutcome.Accepted, result.Outcome);
        Job seen = (await test.OpenAgain().FindAsync("acme", result.Job!.Id, default))!;
        Assert.Equal(result.Job, seen);
        Assert.Equal(JobState.Queued, seen.State);
        Assert.Equal("""{"n":1}""", seen.Payload);
        Assert.Equal(test.Clock.GetUtcNow(), seen.CreatedAt);
    }

    [Fact]
    public async Task Submit_SameKeyAndPayload_GivesTheSameJob()
    {
        await using StoreUnderTest test = await OpenAsync();
        SubmitResult first = await test.Store.SubmitAsync(StoreUnderTest.Submission(key: "k1"), default);

        SubmitResult again = await test.OpenAgain().SubmitAsync(StoreUnderTest.Submission(key: "k1"), default);

        Assert.Equal(SubmitOutcome.Replayed, again.Outcome);
        Assert.Equal(first.Job!.Id, again.Job!.Id);
        Assert.Equal(1, (await test.Store.GetStatsAsync(default)).Ready);
    }

    [Fact]
    public async Task Submit_SameKeyAfterTheJobEnded_GivesTheEndedJob()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync(StoreUnderTest.Submission(key: "k1"));
        await test.Store.EndAsync(await test.LeaseAsync(), JobEnding.Done(JobResult.None), default);

        SubmitResult again = await test.Store.SubmitAsync(StoreUnderTest.Submission(key: "k1"), default);

        Assert.Equal((SubmitOutcome.Replayed, job.Id, JobState.Done), (again.Outcome, again.Job!.Id, again.Job.State));
    }

    [Fact]
    public async Task Submit_SameKeyOtherPayload_IsRefusedAndStoresNothing()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync(StoreUnderTest.Submission(key: "k1"));

        SubmitResult other = await test.Store.SubmitAsync(StoreUnderTest.Submission(key: "k1", payload: "[2]"), default);

        Assert.Equal(SubmitOutcome.KeyReused, other.Outcome);
        Assert.Null(other.Job);
        Assert.Equal(1, (await test.Store.GetStatsAsync(default)).Ready);
    }

    [Fact]
    public async Task Submit_SameKeyOfAnotherTenant_IsAnotherJob()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job first = await test.SubmitAsync(StoreUnderTest.Submission(key: "k1"));

        SubmitResult other = await test.Store.SubmitAsync(StoreUnderTest.Submission("globex", key: "k1"), default);

        Assert.Equal(SubmitOutcome.Accepted, other.Outcome);
        Assert.NotEqual(first.Id, other.Job!.Id);
    }

    [Fact]
    public async Task Submit_SameKeyAfterItWasForgotten_IsAnotherJob()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync(StoreUnderTest.Submission(key: "k1"));
        test.Clock.Advance(TimeSpan.FromDays(8));

        SubmitResult other = await test.Store.SubmitAsync(StoreUnderTest.Submission(key: "k1", payload: "[2]"), default);

        Assert.Equal(SubmitOutcome.Accepted, other.Outcome);
    }

    [Fact]
    public async Task Submit_SameKeyFromManyAtOnce_AcceptsOne()
    {
        await using StoreUnderTest test = await OpenAsync();
        IJobStore other = test.OpenAgain();

        SubmitResult[] results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () => await (i % 2 == 0 ? test.Store : other).SubmitAsync(StoreUnderTest.Submission(key: "k1"), default)))).OrHang();

        Assert.Single(results, result => result.Outcome == SubmitOutcome.Accepted);
        Assert.Single(results.Select(result => result.Job!.Id).Distinct());
    }

    [Fact]
    public async Task Submit_TenantHasAsManyAsItMay_IsRefused()
    {
        await using StoreUnderTest test = await OpenAsync();
        JobSubmission limited = StoreUnderTest.Submission() with { MaxUnfinished = 2 };
        await test.SubmitAsync(limited);
        await test.SubmitAsync(limited);

        SubmitResult third = await test.Store.SubmitAsync(limited, default);
        SubmitResult neighbor = await test.Store.SubmitAsync(limited with { Tenant = "globex" }, default);

        Assert.Equal(SubmitOutcome.QuotaExceeded, third.Outcome);
        Assert.Equal(SubmitOutcome.Accepted, neighbor.Outcome);
    }

    [Theory]
    [InlineData("Acme", "count", "{}", null)]
    [InlineData("../x", "count", "{}", null)]
    [InlineData("acme", "", "{}", null)]
    [InlineData("acme", "count", "{", null)]
    [InlineData("acme", "count", "{}", "two words")]
    [InlineData("acme", "count", "{}", "")]
    public async Task Submit_ValueOutOfRange_Throws(string tenant, string kind, string payload, string? key)
    {
        await using StoreUnderTest test = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await test.Store.SubmitAsync(new JobSubmission { Tenant = tenant, Kind = kind, Payload = payload, IdempotencyKey = key }, default));
    }

    [Fact]
    public async Task Lease_HigherPriorityFirst_ThenAge()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job first = await test.SubmitAsync();
        Job second = await test.SubmitAsync();
        Job urgent = await test.SubmitAsync(StoreUnderTest.Submission(priority: 5));

        Guid[] order = [(await test.LeaseAsync()).Job.Id, (await test.LeaseAsync()).Job.Id, (await test.LeaseAsync()).Job.Id];

        Assert.Equal([urgent.Id, first.Id, second.Id], order);
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));
    }

    [Fact]
    public async Task Lease_TenantWithManyJobs_DoesNotHoldUpTheOther()
    {
        await using StoreUnderTest test = await OpenAsync();
        for (int i = 0; i < 100; i++)
            await test.SubmitAsync(StoreUnderTest.Submission("big"));
        for (int i = 0; i < 20; i++)
            await test.LeaseAsync();
        for (int i = 0; i < 5; i++)
            await test.SubmitAsync(StoreUnderTest.Submission("small"));

        List<string> served = [];
        for (int i = 0; i < 10; i++)
            served.Add((await test.LeaseAsync()).Job.Tenant);

        Assert.Equal(5, served.Count(tenant => tenant == "small"));
    }

    [Fact]
    public async Task Lease_DelayedJob_WaitsForItsTime()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync(StoreUnderTest.Submission() with { Delay = TimeSpan.FromMinutes(5) });
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));

        test.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.NotNull(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));
    }

    [Fact]
    public async Task Lease_OtherKindOrOtherJob_IsNotTaken()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();

        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request() with { Kinds = ["other"] }, default));
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request() with { Kinds = [] }, default));
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(job: Guid.NewGuid()), default));
        Assert.Equal(job.Id, (await test.Store.LeaseAsync(StoreUnderTest.Request(job: job.Id), default))!.Job.Id);
    }

    [Fact]
    public async Task Lease_ManyWorkersInTwoProcesses_TakeEachJobOnce()
    {
        await using StoreUnderTest test = await OpenAsync();
        IJobStore other = test.OpenAgain();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => test.Store.SubmitAsync(StoreUnderTest.Submission(), default).AsTask())).OrHang();

        List<Guid>[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            List<Guid> mine = [];
            while (await (w % 2 == 0 ? test.Store : other).LeaseAsync(StoreUnderTest.Request($"w{w}"), default) is { } lease)
                mine.Add(lease.Job.Id);
            return mine;
        }))).OrHang();

        Assert.Equal(200, taken.Sum(list => list.Count));
        Assert.Equal(200, taken.SelectMany(list => list).Distinct().Count());
    }

    [Fact]
    public async Task Find_JobOfAnotherTenant_IsNotThere()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();

        Assert.Null(await test.Store.FindAsync("globex", job.Id, default));
        Assert.Equal(CancelOutcome.NotFound, await test.Store.CancelAsync("globex", job.Id, default));
        Assert.Empty((await test.Store.ListAsync(new JobQuery { Tenant = "globex" }, default)).Jobs);
        await Assert.ThrowsAsync<ArgumentException>(async () => await test.Store.ListAsync(new JobQuery { Tenant = "globex", After = job.Id.ToString("N") }, default));
    }

    [Fact]
    public async Task List_Pages_GiveEveryJobOnceNewestFirst()
    {
        await using StoreUnderTest test = await OpenAsync();
        List<Guid> ids = [];
        for (int i = 0; i < 7; i++)
            ids.Add((await test.SubmitAsync()).Id);
        for (int i = 0; i < 3; i++)
            await test.Store.EndAsync(await test.LeaseAsync(), JobEnding.Done(JobResult.None), default);

        List<Guid> seen = [];
        string? after = null;
        do
        {
            JobPage page = await test.Store.ListAsync(new JobQuery { Tenant = "acme", Limit = 2, After = after }, default);
            seen.AddRange(page.Jobs.Select(job => job.Id));
            after = page.Next;
        }
        while (after is not null && seen.Count < 100);

        ids.Reverse();
        Assert.Equal(ids, seen);
        Assert.Equal(3, (await test.Store.ListAsync(new JobQuery { Tenant = "acme", State = JobState.Done }, default)).Jobs.Count);
    }

    [Fact]
    public async Task Stats_CountWhatWaitsAndWhatRuns()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync();
        await test.SubmitAsync();
        await test.SubmitAsync();
        await test.SubmitAsync(StoreUnderTest.Submission() with { Delay = TimeSpan.FromHours(1) });
        await test.LeaseAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(30));

        JobStats stats = await test.Store.GetStatsAsync(default);

        Assert.Equal(new JobStats(2, 1, 1, TimeSpan.FromSeconds(30), 0), stats);
    }

    [Fact]
    public async Task Unsettled_EndedJob_IsGivenUntilItIsMarked()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync(StoreUnderTest.Submission() with { NeedsSettlement = true });
        Assert.Empty(await test.Store.TakeUnsettledAsync(["count"], 10, default));
        await test.Store.EndAsync(await test.LeaseAsync(), JobEnding.Done(JobResult.None), default);
        Assert.Empty(await test.Store.TakeUnsettledAsync(["other"], 10, default));

        Assert.Equal(job.Id, Assert.Single(await test.Store.TakeUnsettledAsync(["count"], 10, default)).Id);
        Assert.Empty(await test.Store.TakeUnsettledAsync(["count"], 10, default));
        test.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(await test.Store.TakeUnsettledAsync(["count"], 10, default)); // whoever had it died
        await test.Store.MarkSettledAsync(job.Id, default);
        test.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(await test.Store.TakeUnsettledAsync(["count"], 10, default));
        Assert.True((await test.FindAsync(job)).IsSettled);
    }
}
