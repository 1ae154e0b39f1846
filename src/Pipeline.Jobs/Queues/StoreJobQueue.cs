namespace Pipeline.Jobs;

/// <summary>The queue of a store that needs no other: workers take jobs from the store itself, and are woken by its signal when it has one.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class StoreJobQueue : IJobQueue
{
    private readonly IJobStore _store;
    private readonly IJobStoreSignal? _signal;
    private readonly TimeProvider _clock;

    /// <summary>Creates the queue.</summary>
    /// <param name="store">The store.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    public StoreJobQueue(IJobStore store, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _signal = store as IJobStoreSignal;
        _clock = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(Job job, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public async ValueTask<JobLease?> LeaseAsync(LeaseRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        Task changed = _signal?.WhenChanged ?? Task.Delay(Timeout.Infinite, CancellationToken.None);
        JobLease? lease = await _store.LeaseAsync(request, cancellationToken).ConfigureAwait(false);
        if (lease is not null || wait == TimeSpan.Zero)
            return lease;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(wait, _clock, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return await _store.LeaseAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask ExtendAsync(JobLease lease, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public ValueTask SettleAsync(JobLease lease, TimeSpan? next, CancellationToken cancellationToken) => default;
}
