namespace Pipeline.Processes;

/// <summary>Does nothing: the call around it is rehearsed.</summary>
internal sealed class EmptyFunction : WorkerFunctionBody
{
    public override PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context) => PayloadWriter.Rent();
}
