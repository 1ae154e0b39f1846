using System.Diagnostics;

namespace Pipeline.Hosting;

/// <summary>A pipeline that runs as long as the host: services get it injected and push items into it.</summary>
/// <typeparam name="TIn">The items.</typeparam>
/// <typeparam name="TOut">The results, which go to the sink.</typeparam>
/// <remarks>
/// Thread-safe. The run starts before any hosted service does, so services may write from their own start on. At shutdown readiness
/// turns off first, then the input closes, then everything that was accepted is finished.
/// </remarks>
[DebuggerDisplay("{Name}: {State}")]
public sealed class HostedPipeline<TIn, TOut>
{
    private readonly TaskCompletionSource<RunReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile HostedPipelineState _state; // written by the hosted service and by the end of the run
    private PipelineRun<TOut>? _run; // written once, before the state says that it runs
    private PipelineInput<TIn>? _input; // written once, before the state says that it runs

    internal HostedPipeline(string name) => Name = name;

    /// <summary>Gets the name under which it was added.</summary>
    public string Name { get; }

    /// <summary>Gets the end of the run: at shutdown when everything accepted is finished, or earlier with the fault that ended it.</summary>
    /// <value>Faults with a <see cref="PipelineStageException"/>; canceled when the run was aborted, because the shutdown took too long or the host was
    /// disposed without a stop.</value>
    public Task<RunReport> Completion => _completion.Task;

    /// <summary>Gets what the run did.</summary>
    /// <value>Null until the run has ended, whichever way.</value>
    public RunReport? Report => _run?.Report;

    internal HostedPipelineState State => _state;

    /// <summary>Gives an item to the run and waits until the run has taken it, which is the back-pressure.</summary>
    /// <param name="item">The item. Once it is taken it belongs to the run, which finishes or reports it, also during a shutdown.</param>
    /// <param name="cancellationToken">Gives up waiting; the item was then not taken.</param>
    /// <returns>The moment when the run has taken the item.</returns>
    /// <exception cref="PipelineClosedException">The host has not started, the pipeline drains, or its run has ended. The item was not taken.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before the item was taken.</exception>
    public async ValueTask WriteAsync(TIn item, CancellationToken cancellationToken = default)
    {
        if (_state == HostedPipelineState.Created)
            throw new PipelineClosedException(Name, "has not started", innerException: null);
        try
        {
            await _input!.WriteAsync(item, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException closed)
        {
            throw new PipelineClosedException(
                Name, _completion.Task.IsFaulted ? "was ended by a fault" : "is shutting down or has ended", closed);
        }
    }

    /// <summary>Takes a snapshot of the run.</summary>
    /// <returns>Cumulative counts with a sequence number; null before the start.</returns>
    public RunProgress? Snapshot() => _run?.Snapshot();

    internal void Start(StagedPipeline<TIn, TOut> definition, Func<TOut, CancellationToken, ValueTask>? sink, RunOptions options)
    {
        _run = definition.StartPush(out PipelineInput<TIn> input, sink, options);
        _input = input;
        _state = HostedPipelineState.Ready;
    }

    /// <summary>Waits for the end of the run and passes it on.</summary>
    internal async Task<RunReport> EndAsync()
    {
        try
        {
            RunReport report = await _run!.Completion.ConfigureAwait(false);
            _state = HostedPipelineState.Ended;
            _completion.SetResult(report);
            return report;
        }
        catch (OperationCanceledException canceled)
        {
            _state = HostedPipelineState.Ended;
            _completion.SetCanceled(canceled.CancellationToken);
            throw;
        }
        catch (Exception error)
        {
            _state = HostedPipelineState.Ended;
            _completion.SetException(error);
            _ = _completion.Task.Exception; // seen here; who also waits for it gets it again
            throw;
        }
    }

    internal void TurnNotReady()
    {
        // Not a plain write: the run may end at this moment, and its end is final.
        Interlocked.CompareExchange(ref _state, HostedPipelineState.NotReady, HostedPipelineState.Ready);
    }

    internal void Drain()
    {
        TurnNotReady();
        _run?.Drain();
    }

    internal void Abort() => _run?.Abort();
}
