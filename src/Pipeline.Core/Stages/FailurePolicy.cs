namespace Pipeline.Core;

/// <summary>What a stage does when processing an item throws.</summary>
/// <remarks>Immutable; combine with the methods: <c>FailurePolicy.Skip.WithRetry(2, TimeSpan.FromSeconds(1))</c>.</remarks>
public sealed record FailurePolicy
{
    private FailurePolicy()
    {
    }

    /// <summary>Gets the policy that stops the run at the first failed item.</summary>
    public static FailurePolicy Stop { get; } = new() { StopsRun = true };

    /// <summary>Gets the policy that reports the item as failed and goes on.</summary>
    public static FailurePolicy Skip { get; } = new();

    /// <summary>Gets a value indicating whether a failed item stops the run.</summary>
    public bool StopsRun { get; private init; }

    /// <summary>Gets how often an item is tried.</summary>
    /// <value>Attempts, 1 to 100; default 1, no retry.</value>
    public int MaxAttempts { get; private init; } = 1;

    /// <summary>Gets the wait before the second attempt; it doubles with each further attempt, with jitter.</summary>
    /// <value>Default zero.</value>
    public TimeSpan RetryDelay { get; private init; }

    /// <summary>Gets how many items may fail in this stage before the run stops after all.</summary>
    /// <value>Items, 0 or more; null, the default, for no bound.</value>
    public long? MaxFailures { get; private init; }

    /// <summary>Gets the share of this stage's items that may fail before the run stops after all.</summary>
    /// <value>0 to 1, judged from the 20th item on; null, the default, for no bound.</value>
    public double? MaxFailureRate { get; private init; }

    /// <summary>Tries a failed item again before this policy decides.</summary>
    /// <param name="maxAttempts">Attempts in all, 1 to 100.</param>
    /// <param name="delay">The wait before the second attempt, 0 to 1 hour; it doubles with each further attempt, with jitter.</param>
    /// <returns>A policy with retry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public FailurePolicy WithRetry(int maxAttempts, TimeSpan delay)
    {
        if (maxAttempts is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(maxAttempts), maxAttempts, "An item can be tried 1 to 100 times.");
        if (delay < TimeSpan.Zero || delay > TimeSpan.FromHours(1))
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "The retry delay must be 0 to 1 hour.");
        return this with { MaxAttempts = maxAttempts, RetryDelay = delay };
    }

    /// <summary>Draws the wait after a number of failed attempts: evenly from half to all of <c>RetryDelay * 2^(n-1)</c>, at most one hour.</summary>
    /// <remarks>"Equal jitter" of M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): never shorter than half, so a service that is
    /// down gets its rest.</remarks>
    internal TimeSpan DelayAfter(int failedAttempts)
    {
        double most = Math.Min(RetryDelay.Ticks * Math.Pow(2, failedAttempts - 1), TimeSpan.TicksPerHour);
        return TimeSpan.FromTicks((long)(most * (0.5 + (Random.Shared.NextDouble() / 2))));
    }

    /// <summary>Stops the run when more than a number of items failed in this stage.</summary>
    /// <param name="count">Items that may fail, 0 or more.</param>
    /// <returns>A policy with the bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public FailurePolicy WithMaxFailures(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return this with { MaxFailures = count };
    }

    /// <summary>Stops the run when more than a share of this stage's items failed.</summary>
    /// <param name="rate">The share, 0 to 1; judged from the 20th item on.</param>
    /// <returns>A policy with the bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is out of range.</exception>
    public FailurePolicy WithMaxFailureRate(double rate)
    {
        if (!(rate is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The failure rate must be 0 to 1.");
        return this with { MaxFailureRate = rate };
    }
}
