using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>A call with a typed result.</summary>
internal sealed class PoolCall<TResult>(
    PoolFunction function,
    PayloadWriter payload,
    CallBuffers buffers,
    JsonTypeInfo<TResult> resultType,
    WorkerCallOptions? options,
    bool continuesInline,
    CancellationToken cancellationToken)
    : PoolCall(function, payload, buffers, options, continuesInline, cancellationToken)
{
    private readonly TaskCompletionSource<TResult> _completion =
        new(continuesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Task => _completion.Task;

    public override bool TryReadResult(ReadOnlySpan<byte> payload)
    {
        SharedTransfer? outer = SharedTransfer.Enter(Buffers);
        try
        {
            _result = JsonSerializer.Deserialize(payload, resultType);
        }
        catch (Exception error)
        {
            SetException(error); // a result that does not fit its type fails this call
            return false;
        }
        finally
        {
            SharedTransfer.Enter(outer);
        }

        CleanUp();
        return true;
    }

    public override void SetResult() => _completion.SetResult(_result!);

    public override void SetException(Exception error)
    {
        CleanUp();
        Complete(static (completion, error) => completion.SetException(error!), error);
    }

    public override void SetCanceled()
    {
        CleanUp();
        Complete((completion, _) => completion.SetCanceled(CancellationToken), null);
    }

    /// <summary>Completes without a result, which happens on all kinds of threads. Code that waits runs on none of them.</summary>
    private void Complete(Action<TaskCompletionSource<TResult>, Exception?> complete, Exception? error)
    {
        if (ContinuesInline)
            ThreadPool.UnsafeQueueUserWorkItem(state => complete(_completion, state), error, preferLocal: false);
        else
            complete(_completion, error);
    }
}
