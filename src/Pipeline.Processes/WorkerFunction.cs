using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>A function that runs in the worker processes of a pool.</summary>
/// <typeparam name="TRequest">What it takes.</typeparam>
/// <typeparam name="TResult">What it gives.</typeparam>
/// <remarks>Thread-safe; any number of calls may wait at the same time.</remarks>
public sealed class WorkerFunction<TRequest, TResult>
{
    private readonly Supervisor _supervisor;
    private readonly PoolFunction _function;
    private readonly JsonTypeInfo<TRequest> _requestType;
    private readonly JsonTypeInfo<TResult> _resultType;

    internal WorkerFunction(
        Supervisor supervisor, PoolFunction function, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResult> resultType)
    {
        _supervisor = supervisor;
        _function = function;
        _requestType = requestType;
        _resultType = resultType;
    }

    /// <summary>Gets the name of the function.</summary>
    public string Name => _function.Name;

    /// <inheritdoc cref="CallAsync(TRequest, WorkerCallOptions?, CancellationToken)"/>
    public Task<TResult> CallAsync(TRequest request, CancellationToken cancellationToken) => CallAsync(request, null, cancellationToken);

    /// <summary>Calls the function in the first worker that has room.</summary>
    /// <param name="request">What it takes; a few hundred bytes as JSON is the size to aim at.</param>
    /// <param name="options">Deadline, item name and progress; null for none.</param>
    /// <param name="cancellationToken">
    /// Takes a waiting call back; kills the worker of a running one. The task ends when that worker is dead, so nothing that the call does can come after it.
    /// </param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The deadline is out of its range.</exception>
    /// <exception cref="WorkerFunctionException">The function threw.</exception>
    /// <exception cref="WorkerCrashedException">The call took down as many workers as it may.</exception>
    /// <exception cref="WorkerTimeoutException">The call ran longer than its deadline.</exception>
    /// <exception cref="WorkerStartException">No worker starts.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public Task<TResult> CallAsync(TRequest request, WorkerCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Deadline is { } deadline && (deadline < TimeSpan.FromMilliseconds(1) || deadline > TimeSpan.FromDays(24)))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                deadline,
                $"A call of '{Name}' was given a deadline of {deadline}. It must be 1 ms to 24 days. Set WorkerCallOptions.Deadline.");
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<TResult>(cancellationToken);
        CallBuffers buffers = new(_supervisor.Buffers);
        try
        {
            InlineContinuations.NoteCall();
            bool inline = _function.Continuations.ShouldTry() && _supervisor.IsIdle;
            PoolCall<TResult> call = new(_function, Serialize(request, buffers), buffers, _resultType, options, inline, cancellationToken);
            _supervisor.Submit(call);
            return call.Task;
        }
        catch
        {
            buffers.Release();
            throw;
        }
    }

    private PayloadWriter Serialize(TRequest request, CallBuffers buffers)
    {
        SharedTransfer? outer = SharedTransfer.Enter(buffers);
        try
        {
            return PayloadWriter.Serialize(request, _requestType);
        }
        finally
        {
            SharedTransfer.Enter(outer);
        }
    }
}
