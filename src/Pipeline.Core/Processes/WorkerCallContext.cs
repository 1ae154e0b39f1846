namespace Pipeline.Core;

/// <summary>What a handler in a worker process knows about the call that it serves.</summary>
/// <remarks>Thread-safe. Valid until the handler returns.</remarks>
public sealed class WorkerCallContext
{
    private readonly WorkerOutput _output;
    private readonly ulong _callId;

    internal WorkerCallContext(int attempt, WorkerOutput output, ulong callId)
    {
        Attempt = attempt;
        _output = output;
        _callId = callId;
    }

    /// <summary>Gets which attempt at the call this is.</summary>
    /// <value>From 1; higher when an earlier attempt took its worker down.</value>
    public int Attempt { get; }

    /// <summary>Tells the caller how far the call is. Sent at once; not for every pixel.</summary>
    /// <param name="fraction">0 to 1; null when unknown.</param>
    /// <param name="message">What is being done; null for nothing.</param>
    public void ReportProgress(double? fraction, string? message = null)
    {
        byte[] payload = WireStrings.Write(fraction?.ToString("R", System.Globalization.CultureInfo.InvariantCulture), message);
        _output.Add(new FrameHeader(payload.Length, FrameType.Progress, (byte)Attempt, 0, _callId), payload, flush: true);
    }
}
