namespace Pipeline.Cli;

/// <summary>Counts failures over all stages and stops the run when going on makes no sense.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class FailureWatch : IDisposable
{
    private readonly FailureBound? _bound;
    private readonly CancellationTokenSource _stop;
    private long _failed; // Interlocked only
    private long _finished; // Interlocked only, failed ones included
    private string? _reason; // written once by Interlocked

    /// <summary>Initializes a new instance of the <see cref="FailureWatch"/> class.</summary>
    /// <param name="bound">How many photos may fail; null for any number.</param>
    /// <param name="abortRequested">The user's wish to stop at once, which stops the run as well.</param>
    public FailureWatch(FailureBound? bound, CancellationToken abortRequested)
    {
        _bound = bound;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(abortRequested);
    }

    /// <summary>Gets the token that stops the run.</summary>
    public CancellationToken StopRequested => _stop.Token;

    /// <summary>Gets why the run was stopped; null while it was not.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Records a photo whose outputs are in place.</summary>
    public void Finished() => Interlocked.Increment(ref _finished);

    /// <summary>Records a photo that failed.</summary>
    public void Failed(Exception exception)
    {
        long finished = Interlocked.Increment(ref _finished);
        long failed = Interlocked.Increment(ref _failed);
        if (DiskFull.IsCauseOf(exception))
            Stop($"The disk is full: {Target(exception)} could not be written; nothing half-written is left. Free some space, then run "
                + "the same command with --resume.");
        else if (exception is DeadlockException)
            Stop(exception.Message);
        else if (exception is FailedInWorkerException { StopReason: { } reason })
            Stop(reason);
        else if (_bound is { } bound && bound.IsExceeded(failed, finished))
            Stop($"{failed} of {finished} photos failed, which is more than --max-failures {bound} allows.");
    }

    /// <summary>Stops the run. The first reason is kept.</summary>
    public void Stop(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _stop.Cancel();
    }

    private static string Target(Exception exception) => exception is PhotoException photo ? $"'{photo.File}'" : "an output";

    public void Dispose() => _stop.Dispose();
}
