using System.Collections.Concurrent;

namespace Pipeline.Jobs;

/// <summary>Takes jobs and runs them until it is told to stop. Any number of workers in any number of processes may share a store.</summary>
/// <remarks>Thread-safe. <see cref="RunAsync"/> is called once; <see cref="RunOnceAsync"/> any number of times.</remarks>
public sealed class JobWorker
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastWait = TimeSpan.FromSeconds(5);

    private readonly IJobStore _store;
    private readonly IJobQueue _queue;
    private readonly IArtifactStore _artifacts;
    private readonly JobBodies _bodies;
    private readonly JobWorkerOptions _options;
    private readonly BusyGuard _guard;
    private readonly string[] _settling;
    private readonly ConcurrentDictionary<JobAttempt, byte> _attempts = [];
    private readonly CancellationTokenSource _drainOver = new();
    private volatile bool _isDraining;
    private volatile bool _isCutOff;
    private int _abandoned; // Interlocked only

    /// <summary>Creates a worker.</summary>
    /// <param name="store">Where jobs are.</param>
    /// <param name="queue">How the worker hears of them; <see cref="StoreJobQueue"/> unless the store has a queue beside it.</param>
    /// <param name="artifacts">Where inputs and results are.</param>
    /// <param name="bodies">What jobs do.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public JobWorker(IJobStore store, IJobQueue queue, IArtifactStore artifacts, JobBodies bodies, JobWorkerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(artifacts);
        ArgumentNullException.ThrowIfNull(bodies);
        _store = store;
        _queue = queue;
        _artifacts = artifacts;
        _bodies = bodies;
        _options = (options ?? new JobWorkerOptions()).CheckedCopy();
        _guard = new BusyGuard(_options.ScaleInGuard, _options.Lease, _options.Logger);
        _settling = [.. bodies.Kinds.Where(kind => bodies.Find(kind)!.NeedsSettlement)];
    }

    /// <summary>Gets what the worker is doing.</summary>
    public JobWorkerStatus Status => new(_options.Name, _options.Slots, _attempts.Count, Volatile.Read(ref _abandoned), _isDraining, _isCutOff);

    /// <summary>Runs jobs until the token is canceled, then drains: it takes nothing new, keeps its leases, and gives back what does not end in time.</summary>
    /// <param name="cancellationToken">Tells it to stop.</param>
    /// <returns>A task that ends when the worker has drained. It does not fail when the store does: the worker waits until the store is back.</returns>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Task> loops = [CareAsync(cancellationToken)];
        for (int i = 0; i < _options.Slots; i++)
            loops.Add(SlotAsync(cancellationToken));
        Task ended = Task.WhenAll(loops);
        await Task.WhenAny(ended, WhenCanceled(cancellationToken)).ConfigureAwait(false);
        _isDraining = true;
        if (!await EndsWithinAsync(ended, _options.DrainGrace).ConfigureAwait(false))
        {
            foreach (JobAttempt attempt in _attempts.Keys)
                attempt.EndDrain();
            if (!await EndsWithinAsync(ended, s_lastWait).ConfigureAwait(false))
            {
                // A body that does not stop keeps its lease until that runs out: giving the job back while it is being worked on would make two work on it.
                await _drainOver.CancelAsync().ConfigureAwait(false);
                await EndsWithinAsync(ended, s_lastWait).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes one job, runs it and settles it.</summary>
    /// <param name="job">Which job; null for the next.</param>
    /// <param name="wait">How long to wait for it at most, 0 or more.</param>
    /// <param name="cancellationToken">Tells the worker to stop: the job goes on for the time to drain, then it is given back.</param>
    /// <returns>How the attempt ended; null when there was no job, or its lease was lost.</returns>
    /// <exception cref="JobStoreException">The store failed before a job was taken.</exception>
    public async Task<JobEndingKind?> RunOnceAsync(Guid? job, TimeSpan wait, CancellationToken cancellationToken)
    {
        long since = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            TimeSpan left = wait - _options.TimeProvider.GetElapsedTime(since);
            TimeSpan turn = left < _options.PollInterval ? left : _options.PollInterval;
            long drawn = _options.TimeProvider.GetTimestamp();
            JobLease? lease = await _queue.LeaseAsync(Request(job), turn > TimeSpan.Zero ? turn : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (lease is not null)
            {
                using ITimer drain = _options.TimeProvider.CreateTimer(_ => EndDrain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                using CancellationTokenRegistration stop = cancellationToken.Register(() => drain.Change(_options.DrainGrace, Timeout.InfiniteTimeSpan));
                JobEndingKind? ending = await RunLeaseAsync(lease, drawn, cancellationToken).ConfigureAwait(false);
                await SettleAsync().ConfigureAwait(false);
                return ending;
            }

            if (left <= TimeSpan.Zero)
                return null;
        }
    }

    private static Task WhenCanceled(CancellationToken cancellationToken)
    {
        TaskCompletionSource canceled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(canceled.SetResult);
        return canceled.Task;
    }

    private LeaseRequest Request(Guid? job) => new() { Worker = _options.Name, Kinds = _bodies.Kinds, Duration = _options.Lease, Job = job };

    private void EndDrain()
    {
        foreach (JobAttempt attempt in _attempts.Keys)
            attempt.EndDrain();
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan time)
    {
        using CancellationTokenSource enough = new();
        await Task.WhenAny(task, Task.Delay(time, _options.TimeProvider, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return task.IsCompleted;
    }

    private async Task SlotAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (_isCutOff)
                {
                    await Task.Delay(_options.PollInterval, _options.TimeProvider, stopping).ConfigureAwait(false);
                    continue;
                }

                long drawn = _options.TimeProvider.GetTimestamp();
                JobLease? lease = await _queue.LeaseAsync(Request(null), _options.PollInterval, stopping).ConfigureAwait(false);
                if (lease is not null)
                    await RunLeaseAsync(lease, drawn, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                JobLog.StoreFailed(_options.Logger, error);
                await DelayAsync(s_patience, stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task<JobEndingKind?> RunLeaseAsync(JobLease lease, long drawn, CancellationToken stopping)
    {
        await _guard.EnterAsync().ConfigureAwait(false);
        bool isAbandoned = false;
        using JobAttempt attempt = new(lease, _bodies.Find(lease.Job.Kind)!, _options, _store, _queue, _artifacts, drawn, NoteContact, stopping);
        _attempts.TryAdd(attempt, 0);
        try
        {
            return await attempt.RunAsync(
                () =>
                {
                    isAbandoned = true;
                    Interlocked.Increment(ref _abandoned);
                },
                _drainOver.Token).ConfigureAwait(false);
        }
        finally
        {
            _attempts.TryRemove(attempt, out _);
            if (isAbandoned)
                Interlocked.Decrement(ref _abandoned);
            await _guard.LeaveAsync().ConfigureAwait(false);
        }
    }

    private void NoteContact(bool isAnswered) => _isCutOff = !isAnswered;

    // What every process does for all: recover leases that ran out, settle ended jobs, renew the protection. There is no leader that could be missing.
    private async Task CareAsync(CancellationToken stopping)
    {
        TimeSpan interval = _options.Lease / 4 < s_lastWait ? _options.Lease / 4 : s_lastWait;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int recovered = await _store.RecoverAsync(stopping).ConfigureAwait(false);
                _isCutOff = false;
                if (recovered > 0)
                {
                    JobLog.Recovered(_options.Logger, recovered);
                    JobInstruments.Recovered.Add(recovered);
                }

                await SettleAsync().ConfigureAwait(false);
                await _guard.RenewAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                JobLog.StoreFailed(_options.Logger, error);
            }

            await DelayAsync(interval, stopping).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync()
    {
        if (_settling.Length == 0)
            return;
        foreach (Job job in await _store.TakeUnsettledAsync(_settling, 20, CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                await _bodies.Find(job.Kind)!.SettleAsync(job, CancellationToken.None).ConfigureAwait(false);
                await _store.MarkSettledAsync(job.Id, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                JobLog.SettlementFailed(_options.Logger, job.Id, error);
            }
        }
    }

    private async Task DelayAsync(TimeSpan time, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(time, _options.TimeProvider, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token next.
        }
    }
}
