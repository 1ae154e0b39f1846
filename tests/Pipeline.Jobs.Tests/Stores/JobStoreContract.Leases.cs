namespace Pipeline.Jobs.Tests;

public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Heartbeat_WithoutExtension_LetsTheLeaseRunOut()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync();
        JobLease lease = await test.LeaseAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HeartbeatAnswer.Held, await test.Store.HeartbeatAsync(lease, null, extend: false, default));
        test.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await test.Store.RecoverAsync(default));

        Assert.Equal(HeartbeatAnswer.Lost, await test.Store.HeartbeatAsync(lease, null, extend: true, default));
    }

    [Fact]
    public async Task Heartbeat_WithExtension_KeepsTheLeaseAndShowsProgress()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        JobLease lease = await test.LeaseAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(59));
        await test.Store.HeartbeatAsync(lease, new JobProgress(3, 7, "c.dng"), extend: true, default);
        test.Clock.Advance(TimeSpan.FromSeconds(59));
        await test.Store.HeartbeatAsync(lease, null, extend: false, default);

        Assert.Equal(0, await test.Store.RecoverAsync(default));

        Assert.Equal(new JobProgress(3, 7, "c.dng"), (await test.FindAsync(job)).Progress);
    }

    [Fact]
    public async Task WorkerThatLostItsLease_ChangesNothingAndIsCounted()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        JobLease zombie = await test.LeaseAsync("w1");
        test.Clock.Advance(TimeSpan.FromSeconds(61));
        JobLease heir = await test.LeaseAsync("w1"); // the same worker: its name gives no right

        Assert.NotEqual(zombie.Token, heir.Token);
        Assert.Equal(HeartbeatAnswer.Lost, await test.Store.HeartbeatAsync(zombie, new JobProgress(99, null, "zombie"), extend: true, default));
        Assert.Equal(CommitOutcome.Refused, await test.Store.CheckpointAsync(zombie, "zombie", null, default));
        Assert.Equal(CommitOutcome.Refused, await test.Store.EndAsync(zombie, JobEnding.Done(new JobResult("acme/zombie", null)), default));
        Assert.Equal(CommitOutcome.Committed, await test.Store.CheckpointAsync(heir, "heir", null, default));
        Assert.Equal(CommitOutcome.Committed, await test.Store.EndAsync(heir, JobEnding.Done(new JobResult("acme/heir", "{}")), default));
        Assert.Equal(CommitOutcome.Refused, await test.Store.EndAsync(zombie, JobEnding.Failed(s_problem), default));

        Job ended = await test.FindAsync(job);
        Assert.Equal((JobState.Done, new JobResult("acme/heir", "{}"), "heir", 3, 1), (ended.State, ended.Result, ended.Checkpoint, ended.LateCommits, ended.Deaths));
        Assert.NotEqual("zombie", ended.Progress?.Text);
    }

    [Fact]
    public async Task Lease_AfterADeath_GoesOnFromTheCheckpoint()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync();
        await test.Store.CheckpointAsync(await test.LeaseAsync(), "photo 3", new JobProgress(3, 6, null), default);
        test.Clock.Advance(TimeSpan.FromSeconds(61));

        JobLease heir = await test.LeaseAsync();

        Assert.Equal(("photo 3", 1, 2), (heir.Job.Checkpoint, heir.Job.Deaths, heir.Job.Leases));
    }

    [Fact]
    public async Task Deaths_AsManyAsAllowed_FailTheJobWithItsLastReport()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        for (int i = 0; i < 3; i++)
        {
            JobLease lease = await test.LeaseAsync($"w{i}");
            await test.Store.HeartbeatAsync(lease, new JobProgress(1, 2, "poison.dng"), extend: true, default);
            if (i < 2)
                test.Clock.Advance(TimeSpan.FromSeconds(61));
            else
                Assert.Equal(1, await test.Store.ReportDeathAsync("w2", "it was killed by SIGSEGV", default));
        }

        Job failed = await test.FindAsync(job);
        Assert.Equal((JobState.Failed, 3, 0), (failed.State, failed.Deaths, failed.Errors));
        Assert.Equal(JobProblem.WorkerDied, failed.Problem!.Type);
        Assert.Contains("SIGSEGV", failed.Problem.Detail);
        Assert.Contains("poison.dng", failed.Problem.Detail);
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));
    }

    [Fact]
    public async Task ReportDeath_OfOneWorker_LeavesTheOthers()
    {
        await using StoreUnderTest test = await OpenAsync();
        await test.SubmitAsync();
        await test.SubmitAsync();
        await test.LeaseAsync("w1");
        JobLease other = await test.LeaseAsync("w2");

        Assert.Equal(1, await test.Store.ReportDeathAsync("w1", "it was killed by SIGKILL", default));

        Assert.Equal(HeartbeatAnswer.Held, await test.Store.HeartbeatAsync(other, null, extend: true, default));
        Assert.NotNull(await test.Store.LeaseAsync(StoreUnderTest.Request("w3"), default));
    }

    [Fact]
    public async Task Errors_BackOffThenFail_AndAreNoDeaths()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync(StoreUnderTest.Submission() with { MaxErrors = 2 });

        await test.Store.EndAsync(await test.LeaseAsync(), JobEnding.Error(s_problem, TimeSpan.FromSeconds(30)), default);
        Job waiting = await test.FindAsync(job);
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));
        test.Clock.Advance(TimeSpan.FromSeconds(30));
        await test.Store.EndAsync(await test.LeaseAsync(), JobEnding.Error(s_problem, TimeSpan.FromSeconds(30)), default);

        Job failed = await test.FindAsync(job);
        Assert.Equal((JobState.Queued, 1, s_problem), (waiting.State, waiting.Errors, waiting.Problem));
        Assert.Equal((JobState.Failed, 2, 0, s_problem), (failed.State, failed.Errors, failed.Deaths, failed.Problem));
    }

    [Fact]
    public async Task Interruption_GoesBackToTheHead_AndCountsAgainstNothing()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync(StoreUnderTest.Submission() with { MaxErrors = 1, MaxDeaths = 1 });
        await test.SubmitAsync();
        for (int i = 0; i < 10; i++)
        {
            JobLease lease = await test.LeaseAsync();
            Assert.Equal(job.Id, lease.Job.Id);
            await test.Store.EndAsync(lease, JobEnding.Interrupted(), default);
        }

        Job back = await test.FindAsync(job);
        Assert.Equal((JobState.Queued, 10, 0, 0), (back.State, back.Interruptions, back.Errors, back.Deaths));
    }

    [Fact]
    public async Task End_RepeatedByTheSameLease_IsCommittedOnce()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        JobLease lease = await test.LeaseAsync();
        await test.Store.EndAsync(lease, JobEnding.Done(new JobResult("acme/a", null)), default);
        Job ended = await test.FindAsync(job);

        Assert.Equal(CommitOutcome.Committed, await test.Store.EndAsync(lease, JobEnding.Done(new JobResult("acme/a", null)), default));

        Assert.Equal(ended, await test.FindAsync(job));
    }

    [Fact]
    public async Task End_OfManyAtOnceWithDifferentTokens_IsCommittedOnce()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync(StoreUnderTest.Submission() with { MaxDeaths = 100 });
        List<JobLease> leases = [];
        for (int i = 0; i < 20; i++)
        {
            leases.Add(await test.LeaseAsync());
            if (i < 19)
                test.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        CommitOutcome[] outcomes = await Task.WhenAll(leases.Select((lease, i) => Task.Run(async () => await test.Store.EndAsync(lease, JobEnding.Done(new JobResult($"acme/{i}", null)), default)))).OrHang();

        Assert.Single(outcomes, outcome => outcome == CommitOutcome.Committed);
        Job ended = await test.FindAsync(job);
        Assert.Equal((JobState.Done, "acme/19", 19), (ended.State, ended.Result!.Artifact, ended.LateCommits));
    }

    [Fact]
    public async Task Cancel_QueuedJob_EndsItAtOnce()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();

        Assert.Equal(CancelOutcome.Canceled, await test.Store.CancelAsync("acme", job.Id, default));
        Assert.Equal(CancelOutcome.AlreadyEnded, await test.Store.CancelAsync("acme", job.Id, default));

        Assert.Equal(JobState.Canceled, (await test.FindAsync(job)).State);
        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));
    }

    [Theory]
    [InlineData(JobEndingKind.Canceled, JobState.Canceled)]
    [InlineData(JobEndingKind.Interrupted, JobState.Canceled)]
    [InlineData(JobEndingKind.Error, JobState.Canceled)]
    [InlineData(JobEndingKind.Failed, JobState.Failed)]
    [InlineData(JobEndingKind.Done, JobState.Done)]
    public async Task Cancel_RunningJob_TellsTheWorkerAndEndsAsItSays(JobEndingKind kind, JobState expected)
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        JobLease lease = await test.LeaseAsync();

        Assert.Equal(CancelOutcome.Canceling, await test.Store.CancelAsync("acme", job.Id, default));
        Assert.Equal(CancelOutcome.Canceling, await test.Store.CancelAsync("acme", job.Id, default));
        Assert.Equal(JobState.Canceling, (await test.FindAsync(job)).State);
        Assert.Equal(HeartbeatAnswer.CancelRequested, await test.Store.HeartbeatAsync(lease, null, extend: true, default));
        await test.Store.EndAsync(lease, Ending(kind), default);

        Assert.Equal(expected, (await test.FindAsync(job)).State);
    }

    [Fact]
    public async Task Cancel_ThenTheWorkerDies_EndsCanceled()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        await test.LeaseAsync();
        await test.Store.CancelAsync("acme", job.Id, default);
        test.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Null(await test.Store.LeaseAsync(StoreUnderTest.Request(), default));

        Assert.Equal(JobState.Canceled, (await test.FindAsync(job)).State);
    }

    [Fact]
    public async Task Version_RisesWithEveryVisibleChange()
    {
        await using StoreUnderTest test = await OpenAsync();
        Job job = await test.SubmitAsync();
        List<long> versions = [job.Version];
        JobLease lease = await test.LeaseAsync();
        versions.Add((await test.FindAsync(job)).Version);
        await test.Store.HeartbeatAsync(lease, new JobProgress(1, 2, null), extend: true, default);
        versions.Add((await test.FindAsync(job)).Version);
        await test.Store.CheckpointAsync(lease, "1", null, default);
        versions.Add((await test.FindAsync(job)).Version);
        await test.Store.CancelAsync("acme", job.Id, default);
        versions.Add((await test.FindAsync(job)).Version);
        await test.Store.EndAsync(lease, JobEnding.Canceled(), default);
        versions.Add((await test.FindAsync(job)).Version);

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    private static JobEnding Ending(JobEndingKind kind) => kind switch
    {
        JobEndingKind.Done => JobEnding.Done(JobResult.None),
        JobEndingKind.Failed => JobEnding.Failed(s_problem),
        JobEndingKind.Canceled => JobEnding.Canceled(),
        JobEndingKind.Error => JobEnding.Error(s_problem, TimeSpan.FromSeconds(1)),
        _ => JobEnding.Interrupted(),
    };
}
