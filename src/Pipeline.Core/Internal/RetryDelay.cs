namespace Pipeline.Core;

/// <summary>Exponential back-off with jitter: the n-th wait is drawn evenly from half to all of <c>delay * 2^(n-1)</c>, at most one hour.</summary>
/// <remarks>"Equal jitter" of M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): never shorter than half, so a service that is down gets its rest.</remarks>
internal static class RetryDelay
{
    public static TimeSpan Of(FailurePolicy policy, int failedAttempts)
    {
        double ticks = policy.RetryDelay.Ticks * Math.Pow(2, failedAttempts - 1);
        double most = Math.Min(ticks, TimeSpan.TicksPerHour);
        return TimeSpan.FromTicks((long)(most * (0.5 + (Random.Shared.NextDouble() / 2))));
    }
}
