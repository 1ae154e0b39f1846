namespace Pipeline.Jobs.Tests;

public abstract partial class JobStoreContract
{
    /// <summary>Random histories of leases, deaths, commits and cancels: the store and a few lines of reference agree after every step.</summary>
    [Fact]
    public async Task RandomHistories_BehaveAsTheReference()
    {
        int seed = Random.Shared.Next();
        try
        {
            for (int walk = 0; walk < 25; walk++)
                await WalkAsync(new Random(seed + walk));
        }
        catch (Exception error) when (error is not InvalidOperationException)
        {
            throw new InvalidOperationException($"Seed {seed}: {error.Message}", error);
        }
    }

    private async Task WalkAsync(Random random)
    {
        await using StoreUnderTest test = await OpenAsync();
        List<Reference> jobs = [];
        for (int i = 0; i < 3; i++)
            jobs.Add(new Reference(await test.SubmitAsync(StoreUnderTest.Submission() with { MaxDeaths = 3, MaxErrors = 2 })));
        for (int step = 0; step < 40; step++)
        {
            Reference job = jobs[random.Next(jobs.Count)];
            switch (random.Next(6))
            {
                case 0 when await test.Store.LeaseAsync(StoreUnderTest.Request("w", job.Id), default) is { } lease:
                    Assert.Equal(JobState.Queued, job.State);
                    job.Leases.Add(lease);
                    (job.State, job.Current, job.Last) = (JobState.Running, lease, null);
                    break;
                case 0:
                    Assert.NotEqual(JobState.Queued, job.State);
                    break;
                case 1:
                    // All leases run out at once.
                    test.Clock.Advance(TimeSpan.FromSeconds(61));
                    Assert.Equal(jobs.Count(other => other.Current is not null), await test.Store.RecoverAsync(default));
                    jobs.ForEach(other => other.Bury());
                    break;
                case 2 when job.Leases.Count > 0:
                    JobLease any = job.Leases[random.Next(job.Leases.Count)];
                    JobEnding ending = Ending((JobEndingKind)random.Next(5));
                    bool isMine = any == job.Current;
                    bool isRepeated = any == job.Last;
                    CommitOutcome outcome = await test.Store.EndAsync(any, ending, default);
                    Assert.Equal(isMine || isRepeated ? CommitOutcome.Committed : CommitOutcome.Refused, outcome);
                    job.End(any, ending.Kind, isMine, isRepeated);
                    test.Clock.Advance(TimeSpan.FromSeconds(1)); // past the wait after an error
                    break;
                case 3 when job.Leases.Count > 0:
                    JobLease beating = job.Leases[random.Next(job.Leases.Count)];
                    HeartbeatAnswer answer = await test.Store.HeartbeatAsync(beating, null, extend: true, default);
                    Assert.Equal(beating != job.Current ? HeartbeatAnswer.Lost : job.State == JobState.Canceling ? HeartbeatAnswer.CancelRequested : HeartbeatAnswer.Held, answer);
                    break;
                case 4 when random.Next(4) == 0:
                    await test.Store.CancelAsync("acme", job.Id, default);
                    job.State = job.State switch { JobState.Queued => JobState.Canceled, JobState.Running => JobState.Canceling, JobState other => other };
                    break;
            }

            foreach (Reference expected in jobs)
            {
                Job seen = (await test.Store.FindAsync("acme", expected.Id, default))!;
                Assert.Equal((expected.State, expected.Deaths, expected.Errors, expected.Interruptions, expected.Late), (seen.State, seen.Deaths, seen.Errors, seen.Interruptions, seen.LateCommits));
            }
        }
    }

    private sealed class Reference(Job job)
    {
        public Guid Id => job.Id;

        public JobState State { get; set; } = JobState.Queued;

        public JobLease? Current { get; set; }

        /// <summary>Gets or sets the lease whose ending was taken last, while nothing else has happened to the job.</summary>
        public JobLease? Last { get; set; }

        public List<JobLease> Leases { get; } = [];

        public int Deaths { get; private set; }

        public int Errors { get; private set; }

        public int Interruptions { get; private set; }

        public int Late { get; private set; }

        public void Bury()
        {
            if (Current is null)
                return;
            (Current, Last) = (null, null);
            Deaths++;
            State = State == JobState.Canceling ? JobState.Canceled : Deaths >= 3 ? JobState.Failed : JobState.Queued;
        }

        public void End(JobLease lease, JobEndingKind kind, bool isMine, bool isRepeated)
        {
            if (!isMine)
            {
                Late += isRepeated ? 0 : 1;
                return;
            }

            bool isCanceling = State == JobState.Canceling;
            (Current, Last) = (null, lease);
            Errors += kind is JobEndingKind.Error or JobEndingKind.Failed ? 1 : 0;
            Interruptions += !isCanceling && kind is JobEndingKind.Interrupted or JobEndingKind.Canceled && !isCanceling ? 1 : 0;
            State = kind switch
            {
                JobEndingKind.Done => JobState.Done,
                JobEndingKind.Failed => JobState.Failed,
                _ when isCanceling => JobState.Canceled,
                JobEndingKind.Error when Errors >= 2 => JobState.Failed,
                _ => JobState.Queued,
            };
        }
    }
}
