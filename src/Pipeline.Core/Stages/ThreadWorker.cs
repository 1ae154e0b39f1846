using System.Collections.Concurrent;

namespace Pipeline.Core;

/// <summary>Runs a worker on a thread of its own, from its creation to its disposal.</summary>
/// <remarks>Thread-safe by its mailbox: the run puts one item at a time into it, and the thread takes it out.</remarks>
internal sealed class ThreadWorker<TIn, TOut> : IStageWorker<TIn, TOut>, IDroppingWorker
{
    private readonly IStage<TIn, TOut> _stage;
    private readonly StageWorkerContext _context;
    private readonly BlockingCollection<(TIn Item, CancellationToken Token, TaskCompletionSource<TOut> Result)> _mailbox = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
        _mailbox.Add((item, cancellationToken, result), CancellationToken.None); // there is always room for it
        return new ValueTask<TOut>(result.Task);
    }

    public async ValueTask DisposeAsync()
    {
        _mailbox.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        _mailbox.Dispose();
    }

    private void Work()
    {
        IStageWorker<TIn, TOut>? worker = null;
        try
        {
            foreach ((TIn item, CancellationToken token, TaskCompletionSource<TOut> result) in _mailbox.GetConsumingEnumerable())
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

    /// <summary>Waits on this thread, which belongs to this worker alone.</summary>
    private static TOut Await(ValueTask<TOut> task) => task.IsCompleted ? task.Result : task.AsTask().GetAwaiter().GetResult();
}
