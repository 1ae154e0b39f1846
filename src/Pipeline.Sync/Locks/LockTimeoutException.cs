namespace Pipeline.Sync;

/// <summary>A lock or permit did not become free in time. Nothing was acquired.</summary>
public sealed class LockTimeoutException : TimeoutException
{
    internal LockTimeoutException(LockResult.TimedOut outcome)
        : base(outcome.ToString()) => Outcome = outcome;

    /// <summary>Gets what was waited for, how long, and who held it.</summary>
    public LockResult.TimedOut Outcome { get; }
}
