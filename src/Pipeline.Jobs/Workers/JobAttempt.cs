using System.Diagnostics;

namespace Pipeline.Jobs;

/// <summary>One attempt at one job: body, heartbeat, commit.</summary>
internal sealed class JobAttempt : IDisposable
{
    private static readonly TimeSpan s_firstPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxPatience = TimeSpan.FromSeconds(5);

    private readonly JobLease _lease;
    private readonly IJobBody _body;
    private readonly JobWorkerOptions _options;
    private readonly IJobStore _store;
    private readonly IJobQueue _queue;
    private readonly LeaseKeeper _keeper;
    private readonly JobContext _context;

    public JobAttempt(JobLease lease, IJobBody body, JobWorkerOptions options, IJobStore store, IJobQueue queue, IArtifactStore artifacts, long drawn, Action<bool> onContact, CancellationToken stopping)
    {
        _lease = lease;
        _body = body;
        _options = options;
        _store = store;
        _queue = queue;
        _keeper = new LeaseKeeper(lease, store, queue, options.TimeProvider, options.EffectiveReportInterval, drawn, onContact);
        _context = new JobContext(lease, _keeper, artifacts, stopping);
    }

    public Job Job => _lease.Job;

    public void Dispose() => _keeper.Dispose();

    /// <summary>Ends the time to drain: a body that still runs is stopped and its job given back.</summary>
    public void EndDrain() => _keeper.Stop(StopReason.Draining);

    /// <summary>Runs the body and commits how it ended.</summary>
    /// <param name="abandoned">Told when the lease is lost and the body goes on regardless.</param>
    /// <param name="giveUp">Ends the trying to commit.</param>
    /// <returns>How it ended, or null when nothing was committed: the lease was lost or the store stayed silent.</returns>
    public async Task<JobEndingKind?> RunAsync(Action abandoned, CancellationToken giveUp)
    {
        using Activity? activity = JobInstruments.Activities.StartActivity("job", ActivityKind.Consumer, _lease.Job.TraceParent);
        activity?.SetTag("pipeline.job.kind", Job.Kind);
        JobInstruments.Active.Add(1);
        JobLog.Started(_options.Logger, Job.Id, Job.Kind, Job.Leases, _options.Name);
        long started = _options.TimeProvider.GetTimestamp();
        try
        {
            JobEnding? ending = await RunBodyAsync(abandoned).ConfigureAwait(false);
            bool isCommitted = ending is not null && await CommitAsync(ending, giveUp).ConfigureAwait(false);
            TimeSpan took = _options.TimeProvider.GetElapsedTime(started);
            string word = isCommitted ? Word(ending!.Kind) : "lost";
            JobInstruments.Attempts.Add(1, new KeyValuePair<string, object?>("pipeline.job.kind", Job.Kind), new KeyValuePair<string, object?>("pipeline.job.ending", word));
            JobInstruments.Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("pipeline.job.kind", Job.Kind), new KeyValuePair<string, object?>("pipeline.job.ending", word));
            if (!isCommitted)
            {
                JobLog.Lost(_options.Logger, Job.Id);
                activity?.SetStatus(ActivityStatusCode.Error, "lease lost");
                return null;
            }

            JobLog.Ended(_options.Logger, Job.Id, ending!.Kind, took.TotalSeconds);
            return ending.Kind;
        }
        finally
        {
            JobInstruments.Active.Add(-1);
        }
    }

    private static string Word(JobEndingKind kind) => kind switch
    {
        JobEndingKind.Done => "done",
        JobEndingKind.Failed => "failed",
        JobEndingKind.Canceled => "canceled",
        JobEndingKind.Error => "error",
        _ => "interrupted",
    };

    // The heartbeat runs on a token of its own, which only the end of the body cancels: a worker that is told to stop keeps its leases while it drains.
    private async Task<JobEnding?> RunBodyAsync(Action abandoned)
    {
        using CancellationTokenSource bodyEnded = new();
        Task pump = _keeper.PumpAsync(bodyEnded.Token);
        Task noteAbandoned = NoteAbandonedAsync(pump, abandoned, bodyEnded.Token);
        using ITimer? limit = _options.MaxRunTime is { } most
            ? _options.TimeProvider.CreateTimer(_ => _keeper.Stop(StopReason.TimedOut), null, most, Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            JobResult result = await Task.Run(async () => await _body.RunAsync(_context, _keeper.Token).ConfigureAwait(false)).ConfigureAwait(false);
            return JobEnding.Done(result ?? JobResult.None);
        }
        catch (Exception error) when (_keeper.Reason != StopReason.None || (error is OperationCanceledException && _context.Stopping.IsCancellationRequested))
        {
            // Whatever a body throws once it was told to stop, the reason is what it was told.
            return _keeper.Reason switch
            {
                StopReason.Lost => null,
                StopReason.Canceled => JobEnding.Canceled(),
                StopReason.TimedOut => JobEnding.Error(
                    new JobProblem(JobProblem.TimedOut, "The attempt took longer than it may.", $"It was stopped after {_options.MaxRunTime}. Raise the worker's {nameof(JobWorkerOptions.MaxRunTime)}, or make the job smaller."),
                    _options.Retries.FirstDelay),
                _ => JobEnding.Interrupted(),
            };
        }
        catch (Exception error)
        {
            JobLog.BodyThrew(_options.Logger, Job.Id, error);
            return _options.Retries.Decide(error, Job.Errors);
        }
        finally
        {
            await bodyEnded.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
            await noteAbandoned.ConfigureAwait(false);
        }
    }

    private async Task NoteAbandonedAsync(Task pump, Action abandoned, CancellationToken bodyEnded)
    {
        await pump.ConfigureAwait(false);
        try
        {
            await Task.Delay(_lease.Duration, _options.TimeProvider, bodyEnded).ConfigureAwait(false);
            JobLog.Abandoned(_options.Logger, Job.Id);
            abandoned();
        }
        catch (OperationCanceledException)
        {
            // The body has ended, as it should.
        }
    }

    private async Task<bool> CommitAsync(JobEnding ending, CancellationToken giveUp)
    {
        TimeSpan patience = s_firstPatience;
        while (true)
        {
            try
            {
                CommitOutcome outcome = await _store.EndAsync(_lease, ending, CancellationToken.None).ConfigureAwait(false);
                if (outcome == CommitOutcome.Refused)
                    JobInstruments.LateCommits.Add(1, new KeyValuePair<string, object?>("pipeline.job.kind", Job.Kind));
                await TellQueueAsync(ending, outcome).ConfigureAwait(false);
                return outcome == CommitOutcome.Committed;
            }
            catch (ArgumentException error) when (ending.Kind == JobEndingKind.Done)
            {
                ending = JobEnding.Failed(new JobProblem("result-invalid", "The result of the job cannot be stored.", error.Message));
            }
            catch (IOException error)
            {
                // The work is done and only the note of it is missing; the commit is fenced and repeatable, so it is tried for as long as this process may.
                JobLog.StoreFailed(_options.Logger, error);
                if (giveUp.IsCancellationRequested)
                    return false;
                await Task.Delay(patience, _options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
                patience = patience * 2 < s_maxPatience ? patience * 2 : s_maxPatience;
            }
        }
    }

    // The store is the truth: a queue that does not hear of the end delivers the job again, and the store says that it has ended.
    private async Task TellQueueAsync(JobEnding ending, CommitOutcome outcome)
    {
        TimeSpan? next = outcome == CommitOutcome.Refused ? null : ending.Kind switch
        {
            JobEndingKind.Error => ending.Delay,
            JobEndingKind.Interrupted => TimeSpan.Zero,
            _ => null,
        };
        try
        {
            await _queue.SettleAsync(_lease, next, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            JobLog.StoreFailed(_options.Logger, error);
        }
    }
}
