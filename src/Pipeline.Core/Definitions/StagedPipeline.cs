using System.Threading.Channels;

namespace Pipeline.Core;

/// <summary>A built pipeline: what happens to items, without a source.</summary>
/// <typeparam name="TIn">The items that a source gives.</typeparam>
/// <typeparam name="TOut">The results of the last stage.</typeparam>
/// <remarks>Immutable and thread-safe; any number of runs may use it at the same time. A run never uses the caller's thread or the thread pool for stage
/// bodies. Cancellation of the token stops a run as <see cref="PipelineRun{TOut}.Abort"/> does.</remarks>
public sealed partial class StagedPipeline<TIn, TOut>
{
    private readonly ImmutableArray<StageDefinition> _stages;

    internal StagedPipeline(string name, ImmutableArray<StageDefinition> stages)
    {
        Name = name;
        _stages = stages;
    }

    /// <summary>Gets the pipeline's name.</summary>
    public string Name { get; }

    internal ImmutableArray<StageDefinition> Stages => _stages;

    /// <summary>Runs all items of a source and disposes results that are disposable.</summary>
    /// <param name="source">The items. It is read by one thread at a time, and only while there is room.</param>
    /// <param name="options">Settings of the run; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the run; running bodies get a token that is canceled with it.</param>
    /// <returns>What the run did.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PipelineStageException">An item failed and the stage's policy stopped the run; or the source failed, named as stage 'source', or the
    /// sink, named 'sink'.</exception>
    /// <exception cref="OperationCanceledException">The run was canceled.</exception>
    public Task<RunReport> RunAsync(IEnumerable<TIn> source, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        Start(source, sink: null, options, cancellationToken).Completion;

    /// <inheritdoc cref="RunAsync(IEnumerable{TIn}, RunOptions?, CancellationToken)"/>
    public Task<RunReport> RunAsync(
        IAsyncEnumerable<TIn> source, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        Start(source, sink: null, options, cancellationToken).Completion;

    /// <inheritdoc cref="RunAsync(IEnumerable{TIn}, RunOptions?, CancellationToken)"/>
    public Task<RunReport> RunAsync(ChannelReader<TIn> source, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        Start(source, sink: null, options, cancellationToken).Completion;

    /// <summary>Runs all items of a source and hands the results to a sink, one at a time.</summary>
    /// <param name="sink">Gets the results in the order of the last stage and owns them. An exception of it stops the run.</param>
    /// <inheritdoc cref="RunAsync(IEnumerable{TIn}, RunOptions?, CancellationToken)"/>
    public Task<RunReport> RunAsync(
        IEnumerable<TIn> source, Func<TOut, CancellationToken, ValueTask> sink, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Start(source, sink, options, cancellationToken).Completion;
    }

    /// <inheritdoc cref="RunAsync(IEnumerable{TIn}, Func{TOut, CancellationToken, ValueTask}, RunOptions?, CancellationToken)"/>
    public Task<RunReport> RunAsync(
        IAsyncEnumerable<TIn> source, Func<TOut, CancellationToken, ValueTask> sink, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Start(source, sink, options, cancellationToken).Completion;
    }

    /// <inheritdoc cref="RunAsync(IEnumerable{TIn}, Func{TOut, CancellationToken, ValueTask}, RunOptions?, CancellationToken)"/>
    public Task<RunReport> RunAsync(
        ChannelReader<TIn> source, Func<TOut, CancellationToken, ValueTask> sink, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Start(source, sink, options, cancellationToken).Completion;
    }

    /// <summary>Starts a run and returns its handle.</summary>
    /// <param name="source">The items. It is read by one thread at a time, and only while there is room.</param>
    /// <param name="sink">Gets the results in the order of the last stage, one at a time, and owns them; null to dispose those that are disposable.</param>
    /// <param name="options">Settings of the run; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public PipelineRun<TOut> Start(
        IEnumerable<TIn> source, Func<TOut, CancellationToken, ValueTask>? sink = null, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Start(new EnumerableSource<TIn>(source), sink, options, cancellationToken);
    }

    /// <inheritdoc cref="Start(IEnumerable{TIn}, Func{TOut, CancellationToken, ValueTask}?, RunOptions?, CancellationToken)"/>
    public PipelineRun<TOut> Start(
        IAsyncEnumerable<TIn> source, Func<TOut, CancellationToken, ValueTask>? sink = null, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Start(new AsyncEnumerableSource<TIn>(source), sink, options, cancellationToken);
    }

    /// <inheritdoc cref="Start(IEnumerable{TIn}, Func{TOut, CancellationToken, ValueTask}?, RunOptions?, CancellationToken)"/>
    public PipelineRun<TOut> Start(
        ChannelReader<TIn> source, Func<TOut, CancellationToken, ValueTask>? sink = null, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Start(new ChannelSource<TIn>(source), sink, options, cancellationToken);
    }

    /// <summary>Runs a source and gives the results as a stream, which owns them once they were given out.</summary>
    /// <param name="source">The items. The run starts with the first result that is asked for.</param>
    /// <param name="options">Settings of the run; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The results in the order of the last stage. Leaving the loop early aborts the run and waits for its end.</returns>
    /// <exception cref="PipelineStageException">An item failed and the stage's policy stopped the run.</exception>
    /// <exception cref="OperationCanceledException">The run was canceled.</exception>
    public IAsyncEnumerable<TOut> StreamAsync(
        IEnumerable<TIn> source, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Stream(() => new EnumerableSource<TIn>(source), RunOptions.CheckedCopy(options), cancellationToken, default);
    }

    /// <inheritdoc cref="StreamAsync(IEnumerable{TIn}, RunOptions?, CancellationToken)"/>
    public IAsyncEnumerable<TOut> StreamAsync(
        IAsyncEnumerable<TIn> source, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Stream(() => new AsyncEnumerableSource<TIn>(source), RunOptions.CheckedCopy(options), cancellationToken, default);
    }

    /// <inheritdoc cref="StreamAsync(IEnumerable{TIn}, RunOptions?, CancellationToken)"/>
    public IAsyncEnumerable<TOut> StreamAsync(
        ChannelReader<TIn> source, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Stream(() => new ChannelSource<TIn>(source), RunOptions.CheckedCopy(options), cancellationToken, default);
    }

    private PipelineRun<TOut> Start(
        ItemSource<TIn> source, Func<TOut, CancellationToken, ValueTask>? sink, RunOptions? options, CancellationToken cancellationToken) =>
        new(Start(source, EndWith(new SinkStage<TOut>(sink)), RunOptions.CheckedCopy(options), cancellationToken));

    private StageDefinition<TOut, bool> EndWith(SinkStage<TOut> sink) => new(_stages[^1].SettingsOfEnd(), sink);

    private RunEngine Start(ItemSource<TIn> source, StageDefinition end, RunOptions settings, CancellationToken cancellationToken)
    {
        RunEngine run = Prepare(source, end, settings, cancellationToken);
        run.Start();
        return run;
    }

    private RunEngine Prepare(ItemSource<TIn> source, StageDefinition end, RunOptions settings, CancellationToken cancellationToken)
    {
        RunEngine run = new(Name, settings, cancellationToken);
        RunGraph graph = new(run.Scheduler);
        StageQueue first = graph.AddChain(
            [.. _stages, end], new ChainEnd(Output: null, IsMeetingPoint: false, IsBranch: false), isInSourceOrder: true);
        graph.MarkNodesBeforeHoldBack();
        SourceNode<TIn> node = new(run.Scheduler, run.Resume(source), (StageQueue<TIn>)first);
        first.Producers.Add(node);
        run.Prepare([node, .. graph.Nodes], node.Tickets, source.Count);
        return run;
    }

    private async IAsyncEnumerable<TOut> Stream(
        Func<ItemSource<TIn>> source, RunOptions settings, CancellationToken cancellationToken,
        [EnumeratorCancellation] CancellationToken enumeratorToken)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumeratorToken);
        CancellationToken token = !enumeratorToken.CanBeCanceled ? cancellationToken
            : !cancellationToken.CanBeCanceled ? enumeratorToken
            : linked.Token;
        StreamEnd<TOut> end = new(_stages[^1]);
        RunEngine run = Start(source(), end, settings, token);
        try
        {
            do
            {
                while (end.Node!.TryTake(out TOut? item))
                    yield return item;
            }
            while (await end.Node.WaitAsync().ConfigureAwait(false));

            await run.Completion.ConfigureAwait(false);
        }
        finally
        {
            run.Cancel();
            await ((Task)run.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
