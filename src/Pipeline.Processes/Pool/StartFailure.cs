namespace Pipeline.Processes;

/// <summary>A start that failed. Says it to the log, and to what waits for workers when it was one too many.</summary>
/// <param name="PoolName">The name of the pool.</param>
/// <param name="Starts">How many starts in a row are too many.</param>
/// <param name="Reason">What happened to this one.</param>
/// <param name="Error">The error behind it; null for none.</param>
internal sealed record StartFailure(string PoolName, int Starts, string Reason, Exception? Error)
{
    /// <summary>Makes an exception for one waiter.</summary>
    public WorkerStartException ToException() => new(
        $"The workers of pool '{PoolName}' do not start; {Starts} starts in a row failed. {Reason}".TrimEnd()
        + " Check that Main begins with WorkerHost.Run, or start the pool with WorkerLaunch.StaticMethods().", Error);
}
