using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Core;

/// <summary>A call with a typed result.</summary>
internal sealed class PoolCall<TResult>(
    PoolFunction function, PayloadWriter payload, CallBuffers buffers, JsonTypeInfo<TResult> resultType, WorkerCallOptions? options, CancellationToken cancellationToken)
    : PoolCall(function, payload, buffers, options, cancellationToken)
{
    // Continuations are the user's code: they never run on a thread that reads a connection.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<TResult> Task => _completion.Task;

    internal override void SetResult(ReadOnlySpan<byte> payload)
    {
        SharedTransfer? outer = SharedTransfer.Enter(Buffers);
        TResult result;
        try
        {
            result = JsonSerializer.Deserialize(payload, resultType)!;
        }
        catch (Exception error)
        {
            SetException(error); // a result that does not fit its type fails this call
            return;
        }
        finally
        {
            SharedTransfer.Enter(outer);
        }

        CleanUp();
        _completion.SetResult(result);
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
