using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Core;

/// <summary>A call with a typed result.</summary>
internal sealed class PoolCall<TResult>(
    PoolFunction function, PayloadWriter payload, JsonTypeInfo<TResult> resultType, WorkerCallOptions? options, CancellationToken cancellationToken)
    : PoolCall(function, payload, options, cancellationToken)
{
    // Continuations are the user's code: they never run on a thread that reads a connection.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<TResult> Task => _completion.Task;

    internal override void SetResult(ReadOnlySpan<byte> payload)
    {
        CleanUp();
        try
        {
            _completion.SetResult(JsonSerializer.Deserialize(payload, resultType)!);
        }
        catch (Exception error)
        {
            _completion.SetException(error); // a result that does not fit its type fails this call
        }
    }

    internal override void SetException(Exception error)
    {
        CleanUp();
        _completion.SetException(error);
    }

    internal override void SetCanceled()
    {
        CleanUp();
        _completion.SetCanceled(CancellationToken);
    }
}
