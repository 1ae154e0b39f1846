namespace Pipeline.Processes;

/// <summary>Thrown when worker processes do not start, so that the calls that wait for them cannot run.</summary>
public sealed class WorkerStartException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="WorkerStartException"/> class.</summary>
    /// <param name="message">What happened to the last start.</param>
    /// <param name="innerException">The error of the operating system, when there is one.</param>
    public WorkerStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
