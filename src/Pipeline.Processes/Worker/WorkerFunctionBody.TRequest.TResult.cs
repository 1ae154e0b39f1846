using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>A synchronous function without a state: the common one, with as little as possible to compile at the start of a worker.</summary>
internal sealed class WorkerFunctionBody<TRequest, TResult>(
    JsonTypeInfo<TRequest> requestType,
    JsonTypeInfo<TResult> resultType,
    Func<TRequest, WorkerCallContext, TResult> handler,
    Delegate? inner = null) : WorkerFunctionBody
{
    public override PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context) =>
        PayloadWriter.Serialize(handler(JsonSerializer.Deserialize(payload, requestType)!, context), resultType);

    public override void Rehearse(ReadOnlySpan<byte> request, ReadOnlySpan<byte> result)
    {
        _ = JsonSerializer.Deserialize(request, requestType);
        PayloadWriter.Serialize(JsonSerializer.Deserialize(result, resultType)!, resultType).Release();
        RuntimeHelpers.PrepareDelegate(handler);
        if (inner is not null)
            RuntimeHelpers.PrepareDelegate(inner);
    }
}
