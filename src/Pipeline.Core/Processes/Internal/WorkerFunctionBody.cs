using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Core;

/// <summary>A function as a worker runs it: bytes in, bytes out.</summary>
internal abstract class WorkerFunctionBody : IDisposable
{
    /// <summary>Creates what the function keeps for the life of the worker.</summary>
    internal virtual void Start()
    {
    }

    /// <summary>Runs the function.</summary>
    /// <returns>The result; the caller releases it.</returns>
    internal abstract PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context);

    public virtual void Dispose()
    {
    }
}

/// <summary>A function with typed request and result and a state of its own.</summary>
internal sealed class WorkerFunctionBody<TState, TRequest, TResult>(
    JsonTypeInfo<TRequest> requestType,
    JsonTypeInfo<TResult> resultType,
    Func<TState> createState,
    Func<TState, TRequest, WorkerCallContext, ValueTask<TResult>> handler) : WorkerFunctionBody
{
    private TState? _state;

    internal override void Start() => _state = createState();

    internal override PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context)
    {
        TRequest request = JsonSerializer.Deserialize(payload, requestType)!;
        ValueTask<TResult> task = handler(_state!, request, context);

        // The main thread of a worker has nothing else to do: it waits here for handlers that are asynchronous.
        TResult result = task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
        return PayloadWriter.Serialize(result, resultType);
    }

    public override void Dispose()
    {
        base.Dispose();
        if (_state is IDisposable disposable)
            disposable.Dispose();
        else if (_state is IAsyncDisposable asyncDisposable)
            asyncDisposable.DisposeAsync().AsTask().GetAwaiter().GetResult(); // at the end of the worker's main thread
    }
}

/// <summary>Stands for a function that the worker could not find; each call fails with the reason.</summary>
internal sealed class UnresolvedFunction(Exception reason) : WorkerFunctionBody
{
    internal override PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context) => throw reason;
}
