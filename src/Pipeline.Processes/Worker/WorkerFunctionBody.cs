namespace Pipeline.Processes;

/// <summary>A function as a worker runs it: bytes in, bytes out.</summary>
internal abstract class WorkerFunctionBody : IDisposable
{
    /// <summary>Creates what the function keeps for the life of the worker.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Runs the function.</summary>
    /// <returns>The result; the caller releases it.</returns>
    public abstract PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context);

    /// <summary>Does everything of a call but running the handler, with a request and a result of another worker.</summary>
    public virtual void Rehearse(ReadOnlySpan<byte> request, ReadOnlySpan<byte> result)
    {
    }

    public virtual void Dispose()
    {
    }
}
