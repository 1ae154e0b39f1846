namespace Pipeline.Jobs;

/// <summary>Keeps the lease of one attempt alive, for exactly as long as the body gets on, and stops the body when the lease is gone.</summary>
/// <remarks>
/// Nothing here extends a lease by the passing of time: a body that hangs loses its lease, and another worker takes over. The lease is counted from before the
/// call that extended it, so this side never believes longer in it than the store does.
/// </remarks>
internal sealed class LeaseKeeper : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly JobLease _lease;
    private readonly IJobStore _store;
    private readonly IJobQueue _queue;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly Action<bool> _onContact;
    private readonly CancellationTokenSource _body = new();
    private JobProgress? _progress; // guarded by _gate
    private bool _hasNews; // guarded by _gate
    private long _confirmed; // guarded by _gate
    private int _reason; // Interlocked only

    /// <summary>Creates a keeper of a lease that was drawn just now.</summary>
    /// <param name="drawn">The timestamp from before the lease was asked for.</param>
    /// <param name="onContact">Told true after each call that the store answered, false when half of the lease has passed without an answer.</param>
    public LeaseKeeper(JobLease lease, IJobStore store, IJobQueue queue, TimeProvider clock, TimeSpan interval, long drawn, Action<bool> onContact)
    {
        _lease = lease;
        _store = store;
        _queue = queue;
        _clock = clock;
        _interval = interval;
        _confirmed = drawn;
        _onContact = onContact;
    }

    /// <summary>Gets the token that stops the body.</summary>
    public CancellationToken Token => _body.Token;

    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    public void Dispose() => _body.Dispose();

    public void Report(JobProgress progress)
    {
        lock (_gate)
        {
            _progress = progress;
            _hasNews = true;
        }
    }

    /// <summary>Notes that the body got on, without saying where it is.</summary>
    public void Beat()
    {
        lock (_gate)
            _hasNews = true;
    }

    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
            _body.Cancel();
    }

    public async ValueTask CheckpointAsync(string checkpoint, CancellationToken cancellationToken)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _body.Token);
        while (true)
        {
            both.Token.ThrowIfCancellationRequested();
            long asked = _clock.GetTimestamp();
            try
            {
                JobProgress? progress = TakeProgress();
                if (await _store.CheckpointAsync(_lease, checkpoint, progress, both.Token).ConfigureAwait(false) == CommitOutcome.Refused)
                {
                    Stop(StopReason.Lost);
                    both.Token.ThrowIfCancellationRequested();
                }

                Confirm(asked);
                await _queue.ExtendAsync(_lease, both.Token).ConfigureAwait(false);
                return;
            }
            catch (IOException)
            {
                Beat(); // the body did get on; what failed is the telling
                await Task.Delay(s_patience, _clock, both.Token).ConfigureAwait(false); // the pump gives up when the lease is over
            }
        }
    }

    /// <summary>Reports until the token says that the body has ended.</summary>
    public async Task PumpAsync(CancellationToken cancellationToken)
    {
        while (Reason != StopReason.Lost)
        {
            try
            {
                await Task.Delay(_interval, _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (Silence() >= _lease.Duration)
            {
                // The store may be cut off or the body may hang: either way the lease has run out, and somebody else may have the job.
                Stop(StopReason.Lost);
                return;
            }

            Task beat = BeatOnceAsync();
            if (!await EndsBeforeTheLeaseAsync(beat).ConfigureAwait(false))
                Stop(StopReason.Lost); // a store that does not answer at all is as far away as one that says no
            await beat.ConfigureAwait(false);
        }
    }

    private async Task<bool> EndsBeforeTheLeaseAsync(Task beat)
    {
        if (beat.IsCompleted)
            return true;
        using CancellationTokenSource enough = new();
        TimeSpan left = _lease.Duration - Silence();
        await Task.WhenAny(beat, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return beat.IsCompleted;
    }

    private async Task BeatOnceAsync()
    {
        bool hasNews;
        JobProgress? progress;
        lock (_gate)
        {
            (hasNews, progress) = (_hasNews, _progress);
            _hasNews = false;
            _progress = null;
        }

        long asked = _clock.GetTimestamp();
        try
        {
            HeartbeatAnswer answer = await _store.HeartbeatAsync(_lease, progress, extend: hasNews, CancellationToken.None).ConfigureAwait(false);
            _onContact(true);
            if (answer == HeartbeatAnswer.Lost)
            {
                Stop(StopReason.Lost);
                return;
            }

            if (answer == HeartbeatAnswer.CancelRequested)
                Stop(StopReason.Canceled);
            if (hasNews)
            {
                Confirm(asked);
                await _queue.ExtendAsync(_lease, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            lock (_gate)
            {
                _hasNews |= hasNews;
                _progress ??= progress;
            }

            if (Silence() >= _lease.Duration / 2)
                _onContact(false);
        }
    }

    private JobProgress? TakeProgress()
    {
        lock (_gate)
        {
            JobProgress? progress = _progress;
            _progress = null;
            _hasNews = false;
            return progress;
        }
    }

    private void Confirm(long asked)
    {
        lock (_gate)
            _confirmed = Math.Max(_confirmed, asked);
    }

    private TimeSpan Silence()
    {
        lock (_gate)
            return _clock.GetElapsedTime(_confirmed);
    }
}
