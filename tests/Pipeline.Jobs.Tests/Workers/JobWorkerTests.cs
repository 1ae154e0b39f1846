using System.Text;

namespace Pipeline.Jobs.Tests;

public sealed class JobWorkerTests
{
    [Fact]
    public async Task Run_Job_GivesItsResultAndArtifacts()
    {
        await using WorkerUnderTest test = new();
        test.Start(async (context, cancellationToken) =>
        {
            ArtifactInfo stored = await context.PutAsync("out/a.txt", new MemoryStream("hello"u8.ToArray()), "text/plain", cancellationToken);
            await context.CheckpointAsync("half", cancellationToken);
            context.Report(1, 1, "a.txt");
            return new JobResult(stored.Name, """{"n":1}""");
        });
        Job job = await test.Data.SubmitAsync();

        Job ended = await test.EndOfAsync(job);

        Assert.Equal((JobState.Done, "half", """{"n":1}""", 1), (ended.State, ended.Checkpoint, ended.Result!.Summary, ended.Leases));
        using StreamReader reader = new((await test.Artifacts.OpenReadAsync(ended.Result.Artifact!, default))!);
        Assert.Equal("hello", await reader.ReadToEndAsync());
        Assert.StartsWith($"acme/{job.Id:N}/", ended.Result.Artifact);
    }

    [Fact]
    public async Task Run_BodyThatGetsOn_KeepsItsLeaseForHours()
    {
        await using WorkerUnderTest test = new();
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JobContext? running = null;
        test.Start(async (context, cancellationToken) =>
        {
            running = context;
            await go.Task.WaitAsync(cancellationToken);
            return JobResult.None;
        });
        Job job = await test.Data.SubmitAsync();
        await test.UntilAsync(() => Task.FromResult(running is not null), "the body started");
        for (int i = 0; i < 10; i++)
        {
            running!.Report(i);
            await test.PassAsync(20);
        }

        Job seen = await test.Data.FindAsync(job);
        go.SetResult();
        Job ended = await test.EndOfAsync(job);

        Assert.Equal((JobState.Running, 0), (seen.State, seen.Deaths));
        Assert.Equal((JobState.Done, 0, 1), (ended.State, ended.Deaths, ended.Leases));
    }

    [Fact]
    public async Task Run_BodyThatHangs_LosesItsLease_AndIsToldSo()
    {
        await using WorkerUnderTest test = new();
        List<int> attempts = [];
        test.Start(async (context, cancellationToken) =>
        {
            attempts.Add(context.Job.Leases);
            if (context.Job.Leases == 1)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return JobResult.None;
        });
        Job job = await test.Data.SubmitAsync();

        Job ended = await test.EndOfAsync(job);

        Assert.Equal((JobState.Done, 1, 2), (ended.State, ended.Deaths, ended.Leases));
        Assert.Equal([1, 2], attempts);
    }

    [Fact]
    public async Task Run_BodyThatGoesOnWithoutItsLease_CommitsNothing()
    {
        await using WorkerUnderTest test = new();
        TaskCompletionSource heirDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Start(
            async (context, _) =>
            {
                if (context.Job.Leases == 1)
                {
                    await heirDone.Task; // deaf to the token
                    return new JobResult("acme/zombie", null);
                }

                return new JobResult("acme/heir", null);
            },
            options => options.Slots = 2);
        Job job = await test.Data.SubmitAsync();
        await test.EndOfAsync(job);
        heirDone.SetResult();
        await test.UntilAsync(async () => (await test.Data.FindAsync(job)).LateCommits > 0, "the late commit was counted");

        Job ended = await test.Data.FindAsync(job);
        Assert.Equal(("acme/heir", 1), (ended.Result!.Artifact, ended.LateCommits));
    }

    [Fact]
    public async Task Run_OwnerCancels_StopsTheBody()
    {
        await using WorkerUnderTest test = new();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Start(async (_, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return JobResult.None;
        });
        Job job = await test.Data.SubmitAsync();
        await started.Task.OrHang();

        await test.Data.Store.CancelAsync("acme", job.Id, default);

        Assert.Equal(JobState.Canceled, (await test.EndOfAsync(job)).State);
    }

    [Fact]
    public async Task Run_BodyThrows_IsRepeatedAndThenFails()
    {
        await using WorkerUnderTest test = new();
        int attempts = 0;
        test.Start((_, _) => throw new InvalidOperationException($"no luck {++attempts}"));
        Job job = await test.Data.SubmitAsync(StoreUnderTest.Submission() with { MaxErrors = 3 });

        Job ended = await test.EndOfAsync(job);

        Assert.Equal((JobState.Failed, 3, 3), (ended.State, ended.Errors, attempts));
        Assert.Equal("no luck 3", ended.Problem!.Detail);
    }

    [Fact]
    public async Task Run_ErrorThatTheSameInputBringsAgain_FailsAtOnce()
    {
        await using WorkerUnderTest test = new();
        test.Start((_, _) => throw new JobFailedException(new JobProblem("not-a-photo", "The input is no photo.", "letter.txt")));
        Job job = await test.Data.SubmitAsync();

        Job ended = await test.EndOfAsync(job);

        Assert.Equal((JobState.Failed, 1, "not-a-photo"), (ended.State, ended.Leases, ended.Problem!.Type));
    }

    [Fact]
    public async Task Stop_BodyThatStillRuns_KeepsItsLeaseWhileTheWorkerDrains()
    {
        await using WorkerUnderTest test = new();
        TaskCompletionSource<JobContext> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Start(
            async (context, cancellationToken) =>
            {
                started.TrySetResult(context);
                await go.Task.WaitAsync(cancellationToken);
                return JobResult.None;
            },
            options => options.DrainGrace = TimeSpan.FromHours(1));
        Job job = await test.Data.SubmitAsync();
        JobContext context = await started.Task.OrHang();
        Job second = await test.Data.SubmitAsync();

        test.Stop();
        for (int i = 0; i < 8; i++)
        {
            context.Report(i);
            await test.PassAsync(20);
        }

        Assert.True(context.Stopping.IsCancellationRequested);
        Assert.True(test.Worker!.Status.IsDraining);
        Assert.Equal(0, await test.Data.Store.RecoverAsync(default));
        go.SetResult();
        await test.EndAsync();

        Job ended = await test.Data.FindAsync(job);
        Assert.Equal((JobState.Done, 0, 0), (ended.State, ended.Deaths, ended.Interruptions));
        Assert.Equal(JobState.Queued, (await test.Data.FindAsync(second)).State);
    }

    [Fact]
    public async Task Stop_BodyThatOutlastsTheGrace_IsGivenBackUncounted()
    {
        await using WorkerUnderTest test = new();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Start(
            async (context, cancellationToken) =>
            {
                await context.CheckpointAsync("half", cancellationToken);
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return JobResult.None;
            },
            options => options.DrainGrace = TimeSpan.FromSeconds(30));
        Job job = await test.Data.SubmitAsync();
        await started.Task.OrHang();

        test.Stop();
        await test.UntilAsync(async () => (await test.Data.FindAsync(job)).State == JobState.Queued, "the job was given back");
        await test.EndAsync();

        Job back = await test.Data.FindAsync(job);
        Assert.Equal((1, 0, 0, "half"), (back.Interruptions, back.Errors, back.Deaths, back.Checkpoint));
    }

    [Fact]
    public async Task StoreCutOff_ForHalfALease_TakesNothing_ForAllOfIt_StopsTheBody()
    {
        await using WorkerUnderTest test = new();
        TaskCompletionSource<JobContext> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Start(async (context, cancellationToken) =>
        {
            if (context.Job.Leases > 1)
                return JobResult.None;
            started.TrySetResult(context);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                stopped.TrySetResult();
            }

            return JobResult.None;
        });
        Job job = await test.Data.SubmitAsync();
        JobContext context = await started.Task.OrHang();
        test.Probe.IsCutOff = true;
        context.Report(1);
        await test.PassAsync(20);
        Assert.True(test.Worker!.Status.IsReady);

        await test.UntilAsync(() => Task.FromResult(!test.Worker.Status.IsReady), "the worker saw that it is cut off");
        Assert.False(stopped.Task.IsCompleted);
        await test.UntilAsync(
            () =>
            {
                context.Report(2); // it gets on, but nobody hears of it
                return Task.FromResult(stopped.Task.IsCompleted);
            },
            "the body was stopped");
        test.Probe.IsCutOff = false;

        Job ended = await test.EndOfAsync(job);
        Assert.Equal((JobState.Done, 2), (ended.State, ended.Leases));
        Assert.True(test.Worker.Status.IsReady);
    }

    [Fact]
    public async Task StoreCutOff_WhileTheEndIsCommitted_CommitsWhenItIsBack()
    {
        await using WorkerUnderTest test = new();
        test.Start((_, _) =>
        {
            test.Probe.IsCutOff = true;
            return new ValueTask<JobResult>(new JobResult("acme/a", null));
        });
        Job job = await test.Data.SubmitAsync();
        await test.UntilAsync(() => Task.FromResult(test.Probe.IsCutOff), "the body ran");
        for (int i = 0; i < 5; i++)
            test.Data.Clock.Advance(TimeSpan.FromSeconds(1));
        test.Probe.IsCutOff = false;

        Job ended = await test.EndOfAsync(job);

        Assert.Equal((JobState.Done, 1), (ended.State, ended.Leases));
    }

    [Fact]
    public async Task Settlement_ThatFails_IsRepeated()
    {
        await using WorkerUnderTest test = new();
        SettlingBody body = new();
        test.Start(body);
        Job job = await test.Data.SubmitAsync(StoreUnderTest.Submission() with { NeedsSettlement = true });
        Job ended = await test.EndOfAsync(job);
        await test.UntilAsync(async () => (await test.Data.FindAsync(job)).IsSettled, "the job was settled", 5);

        Assert.Equal(JobState.Done, ended.State);
        Assert.Equal(2, body.Settlements);
    }

    [Fact]
    public async Task ScaleInGuard_IsSwitchedOnlyBetweenIdleAndBusy()
    {
        await using WorkerUnderTest test = new();
        RecordingGuard guard = new();
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CountdownEvent started = new(2);
        test.Start(
            async (_, cancellationToken) =>
            {
                started.Signal();
                await go.Task.WaitAsync(cancellationToken);
                return JobResult.None;
            },
            options => (options.Slots, options.ScaleInGuard) = (2, guard));
        Job first = await test.Data.SubmitAsync();
        Job second = await test.Data.SubmitAsync();
        await test.UntilAsync(() => Task.FromResult(started.IsSet), "both jobs ran", 0.1);
        go.SetResult();
        await test.EndOfAsync(first);
        await test.EndOfAsync(second);
        test.Stop();
        await test.UntilAsync(() => Task.FromResult(guard.Calls.Contains("off")), "the protection ended");

        List<string> switches = [.. guard.Calls.Where((call, i) => i == 0 || guard.Calls[i - 1] != call)];
        Assert.Equal(["on", "off"], switches);
    }

    [Fact]
    public async Task OpenRead_ArtifactOfAnotherTenant_IsNotThere()
    {
        await using WorkerUnderTest test = new();
        await test.Artifacts.PutAsync("globex/inputs/secret.txt", new MemoryStream("secret"u8.ToArray()), "text/plain", null, default);
        test.Start(async (context, cancellationToken) =>
        {
            using Stream stream = await context.OpenReadAsync(context.Job.Payload.Trim('"'), cancellationToken);
            return JobResult.None;
        });

        Job ended = await test.EndOfAsync(await test.Data.SubmitAsync(StoreUnderTest.Submission(payload: "\"globex/inputs/secret.txt\"")));
        Job sneaky = await test.EndOfAsync(await test.Data.SubmitAsync(StoreUnderTest.Submission(payload: "\"acme/../globex/inputs/secret.txt\"")));

        Assert.Equal((JobState.Failed, "artifact-missing"), (ended.State, ended.Problem!.Type));
        Assert.Equal((JobState.Failed, "artifact-missing"), (sneaky.State, sneaky.Problem!.Type));
    }

    [Fact]
    public async Task RunOnce_OneJob_RunsItAndNoOther()
    {
        await using SqliteUnderTest data = new();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("jobs-once-");
        JobBodies bodies = new JobBodies().Add("count", (_, _) => new ValueTask<JobResult>(JobResult.None));
        JobWorker worker = new(data.Store, new StoreJobQueue(data.Store, data.Clock), new FolderArtifactStore(folder.FullName, data.Clock), bodies, new JobWorkerOptions { TimeProvider = data.Clock });
        Job first = await data.SubmitAsync();
        Job second = await data.SubmitAsync();

        JobEndingKind? ending = await worker.RunOnceAsync(second.Id, TimeSpan.Zero, default).OrHang();
        JobEndingKind? none = await worker.RunOnceAsync(second.Id, TimeSpan.Zero, default).OrHang();

        Assert.Equal(JobEndingKind.Done, ending);
        Assert.Null(none);
        Assert.Equal(JobState.Queued, (await data.FindAsync(first)).State);
        Assert.Equal(JobState.Done, (await data.FindAsync(second)).State);
        folder.Delete(recursive: true);
    }

    private sealed class SettlingBody : IJobBody
    {
        public int Settlements { get; private set; }

        public bool NeedsSettlement => true;

        public ValueTask<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken) => new(JobResult.None);

        public ValueTask SettleAsync(Job job, CancellationToken cancellationToken) => ++Settlements == 1 ? throw new IOException("The ledger is away.") : default;
    }

    private sealed class RecordingGuard : IScaleInGuard
    {
        public List<string> Calls { get; } = [];

        public ValueTask ProtectAsync(TimeSpan duration, CancellationToken cancellationToken)
        {
            lock (Calls)
                Calls.Add("on");
            return default;
        }

        public ValueTask UnprotectAsync(CancellationToken cancellationToken)
        {
            lock (Calls)
                Calls.Add("off");
            return default;
        }
    }
}
