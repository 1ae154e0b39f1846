using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>How much each tenant may ask for, in this process.</summary>
internal sealed class TenantLimits(JobServiceOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _streams = new(StringComparer.Ordinal);

    private readonly PartitionedRateLimiter<string> _requests = PartitionedRateLimiter.Create<string, string>(tenant => RateLimitPartition.GetTokenBucketLimiter(tenant, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.RequestsPerMinute / 2,
        TokensPerPeriod = Math.Max(1, options.RequestsPerMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, 60.0 / options.RequestsPerMinute)),
    }));

    public bool TryTakeRequest(string tenant)
    {
        using RateLimitLease lease = _requests.AttemptAcquire(tenant);
        return lease.IsAcquired;
    }

    public bool TryOpenStream(string tenant)
    {
        if (_streams.AddOrUpdate(tenant, 1, (_, open) => open + 1) <= options.MaxEventStreams)
            return true;
        CloseStream(tenant);
        return false;
    }

    public void CloseStream(string tenant) => _streams.AddOrUpdate(tenant, 0, (_, open) => open - 1);

    public void Dispose() => _requests.Dispose();
}
