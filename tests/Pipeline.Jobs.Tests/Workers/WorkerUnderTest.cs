using Pipeline.Jobs;

namespace Pipeline.Jobs.Tests;

/// <summary>One worker on a store whose clock stands still.</summary>
public sealed class WorkerUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-artifacts-");
    private Task? _run;

    public WorkerUnderTest()
    {
        Probe = new ProbeStore(Data.Store);
        Artifacts = new FolderArtifactStore(_folder.FullName, Data.Clock);
    }

    public SqliteUnderTest Data { get; } = new();

    public ProbeStore Probe { get; }

    public FolderArtifactStore Artifacts { get; }

    public JobWorker? Worker { get; private set; }

    public void Start(IJobBody body, Action<JobWorkerOptions>? configure = null) => Start(new JobBodies().Add("count", body), configure);

    public void Start(Func<JobContext, CancellationToken, ValueTask<JobResult>> body, Action<JobWorkerOptions>? configure = null) => Start(new JobBodies().Add("count", body), configure);

    public void Stop() => _stop.Cancel();

    public Task EndAsync() => _run!.OrHang();

    /// <summary>Moves the clock second by second, waiting for the worker's heartbeat each time.</summary>
    public async Task PassAsync(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            Data.Clock.Advance(TimeSpan.FromSeconds(1));
            for (int tries = 0; !await Probe.SeesHeartbeatAsync(); tries++)
            {
                Assert.True(tries < 300, "No heartbeat came.");
                if (tries % 10 == 9)
                    Data.Clock.Advance(TimeSpan.FromSeconds(1)); // the worker had not set its timer yet
            }
        }
    }

    /// <summary>Moves the clock until something holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what, double seconds = 1)
    {
        for (int i = 0; !await holds(); i++)
        {
            Assert.True(i < 3000, $"It never came true that {what}.");
            await Probe.SeesHeartbeatAsync().ConfigureAwait(false);
            Data.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    public async Task<Job> EndOfAsync(Job job)
    {
        await UntilAsync(async () => (await Data.FindAsync(job)).State.IsFinal(), "the job ended");
        return await Data.FindAsync(job);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_run is not null)
            await UntilAsync(() => Task.FromResult(_run.IsCompleted), "the worker stopped", 30);
        await Data.DisposeAsync();
        _folder.Delete(recursive: true);
        _stop.Dispose();
    }

    private void Start(JobBodies bodies, Action<JobWorkerOptions>? configure)
    {
        JobWorkerOptions options = new() { Name = "w1", TimeProvider = Data.Clock };
        configure?.Invoke(options);
        Worker = new JobWorker(Probe, new StoreJobQueue(Probe, Data.Clock), Artifacts, bodies, options);
        _run = Worker.RunAsync(_stop.Token);
    }
}
