namespace Pipeline.Core;

/// <content>Runs that are fed by hand, and runs on the caller's thread.</content>
public sealed partial class StagedPipeline<TIn, TOut>
{
    /// <summary>Starts a run that the program feeds item by item.</summary>
    /// <param name="input">Takes the items. The run ends when it is completed and all items are finished, or when the run is drained.</param>
    /// <param name="sink">Gets the results in the order of the last stage, one at a time, and owns them; null to dispose those that are disposable.</param>
    /// <param name="options">Settings of the run; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run.</returns>
    /// <remarks>Every item that <see cref="PipelineInput{T}.WriteAsync"/> accepted is finished, or reported when the run stops.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public PipelineRun<TOut> StartPush(
        out PipelineInput<TIn> input, Func<TOut, CancellationToken, ValueTask>? sink = null, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        PushSource<TIn> source = new();
        PipelineRun<TOut> run = Start(source, sink, options, cancellationToken);
        input = new PipelineInput<TIn>(source);
        return run;
    }

    /// <summary>Runs a source on the calling thread, one body at a time in an order that never changes. For unit tests of a definition.</summary>
    /// <param name="source">The items.</param>
    /// <param name="options">Settings of the run; null for the defaults. <see cref="RunOptions.Workers"/> is taken as 1.</param>
    /// <returns>The results in the order of the last stage; the caller owns them.</returns>
    /// <remarks>The latest stage that can go on always goes first. Bodies that complete synchronously make the whole run deterministic. The thread waits for
    /// bodies that do not, and for retry delays of the run's clock, so give such a run no clock that stands still.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PipelineStageException">An item failed and the stage's policy stopped the run.</exception>
    public IReadOnlyList<TOut> RunSynchronously(IEnumerable<TIn> source, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<TOut> results = [];
        SinkStage<TOut> sink = new((item, _) =>
        {
            results.Add(item);
            return ValueTask.CompletedTask;
        });
        RunOptions settings = RunOptions.CheckedCopy(options);
        settings.Workers = 1;
        RunEngine run = Prepare(new EnumerableSource<TIn>(source), EndWith(sink), settings, CancellationToken.None);
        try
        {
            run.RunOnThisThread();
        }
        catch
        {
            // The caller does not get them any more.
            foreach (TOut result in results)
                run.Run.Ledger.DisposeItem(result);
            throw;
        }

        return results;
    }
}
