using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>A function with typed request and result and a state of its own.</summary>
internal sealed class WorkerFunctionBody<TState, TRequest, TResult>(
    JsonTypeInfo<TRequest> requestType,
    JsonTypeInfo<TResult> resultType,
    Func<TState> createState,
    Func<TState, TRequest, WorkerCallContext, ValueTask<TResult>> handler,
    Delegate? inner = null) : WorkerFunctionBody
{
    private TState? _state;

    public override void Start() => _state = createState();

    public override PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context)
    {
        TRequest request = JsonSerializer.Deserialize(payload, requestType)!;
        ValueTask<TResult> task = handler(_state!, request, context);

        // The main thread of a worker has nothing else to do: it waits here for handlers that are asynchronous.
        TResult result = task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
        return PayloadWriter.Serialize(result, resultType);
    }

    public override void Rehearse(ReadOnlySpan<byte> request, ReadOnlySpan<byte> result)
    {
        _ = JsonSerializer.Deserialize(request, requestType);
        PayloadWriter.Serialize(JsonSerializer.Deserialize(result, resultType)!, resultType).Release();
        RuntimeHelpers.PrepareDelegate(handler);
        if (inner is not null)
            RuntimeHelpers.PrepareDelegate(inner);
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
