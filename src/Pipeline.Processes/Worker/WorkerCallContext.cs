namespace Pipeline.Processes;

/// <summary>What a handler in a worker process knows about the call that it serves.</summary>
/// <remarks>Thread-safe. Valid until the handler returns.</remarks>
public sealed class WorkerCallContext
{
    private readonly WorkerInput _input;
    private readonly WorkerOutput _output;
    private readonly ulong _callId;

    internal WorkerCallContext(int attempt, WorkerInput input, WorkerOutput output, ulong callId)
    {
        Attempt = attempt;
        _input = input;
        _output = output;
        _callId = callId;
    }

    /// <summary>Gets which attempt at the call this is.</summary>
    /// <value>From 1; higher when an earlier attempt took its worker down.</value>
    public int Attempt { get; }

    /// <summary>Rents memory that this worker and the process of the pool share, to write a large result into.</summary>
    /// <param name="bytes">1 to 2,147,483,647 bytes.</param>
    /// <returns>
    /// A buffer with undefined content. Put it into the result: the caller gets the same memory and disposes it. What is not part of the result is given back
    /// when the handler has ended, however it ends.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    /// <exception cref="SharedMemoryException">There is no room; the message names the limit.</exception>
    /// <exception cref="InvalidOperationException">The handler has returned already.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public SharedBuffer Rent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return _input.Rent(_callId, bytes);
    }

    /// <summary>Tells the caller how far the call is. Sent at once; not for every pixel.</summary>
    /// <param name="fraction">0 to 1; null when unknown.</param>
    /// <param name="message">What is being done; null for nothing.</param>
    public void ReportProgress(double? fraction, string? message = null)
    {
        byte[] payload = WireStrings.Write(fraction?.ToString("R", System.Globalization.CultureInfo.InvariantCulture), message);
        _output.Add(new FrameHeader(payload.Length, FrameType.Progress, (byte)Attempt, 0, _callId), payload, flush: true);
    }
}
