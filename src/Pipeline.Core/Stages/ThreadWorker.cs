namespace Pipeline.Core;

/// <summary>Runs a worker on a thread of its own, from its creation to its disposal.</summary>
/// <remarks>Locking rule: the mailbox is guarded by <see cref="_gate"/>. One item at a time, so one place is enough.</remarks>
internal sealed class ThreadWorker<TIn, TOut> : IStageWorker<TIn, TOut>, IDroppingWorker
{
    private readonly object _gate = new();
    private readonly IStage<TIn, TOut> _stage;
    private readonly StageWorkerContext _context;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (TIn Item, CancellationToken Token, TaskCompletionSource<TOut> Result)? _mail; // guarded by _gate
    private bool _isClosed; // guarded by _gate
    private IDroppingWorker? _dropper; // written by the thread before it gives its first result

    public ThreadWorker(IStage<TIn, TOut> stage, StageWorkerContext context)
    {
        _stage = stage;
        _context = context;
        new Thread(Work) { IsBackground = true, Name = $"{context.PipelineName}/{context.StageName} {context.WorkerIndex}" }.Start();
    }

    public ItemOutcome? Dropped => _dropper?.Dropped;

    public ValueTask<TOut> ProcessAsync(TIn item, CancellationToken cancellationToken)
    {
        TaskCompletionSource<TOut> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _mail = (item, cancellationToken, result);
            Monitor.Pulse(_gate);
        }

        return new ValueTask<TOut>(result.Task);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        IStageWorker<TIn, TOut>? worker = null;
        try
        {
            while (TryReceive(out TIn item, out CancellationToken token, out TaskCompletionSource<TOut>? result))
            {
                try
                {
                    worker ??= _stage.CreateWorker(_context);
                    _dropper ??= worker as IDroppingWorker;
                    result.SetResult(Await(worker.ProcessAsync(item, token)));
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    result.SetCanceled(token);
                }
                catch (Exception error)
                {
                    result.SetException(error);
                }
            }

            if (worker is not null)
                worker.DisposeAsync().AsTask().GetAwaiter().GetResult(); // this thread has nothing else to do
            _ended.SetResult();
        }
        catch (Exception error)
        {
            _ended.SetException(error);
        }
    }

    private bool TryReceive(out TIn item, out CancellationToken token, out TaskCompletionSource<TOut> result)
    {
        lock (_gate)
        {
            while (_mail is null && !_isClosed)
                Monitor.Wait(_gate);
            (item, token, result) = _mail.GetValueOrDefault();
            bool hasMail = _mail is not null;
            _mail = null;
            return hasMail;
        }
    }

    /// <summary>Waits on this thread, which belongs to this worker alone.</summary>
    private static TOut Await(ValueTask<TOut> task) => task.IsCompleted ? task.Result : task.AsTask().GetAwaiter().GetResult();
}
