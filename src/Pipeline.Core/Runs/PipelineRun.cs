namespace Pipeline.Core;

/// <summary>One execution of a pipeline over one source.</summary>
/// <typeparam name="TOut">The results of the last stage.</typeparam>
/// <remarks>Thread-safe. The run goes on whether or not this object is kept.</remarks>
public sealed class PipelineRun<TOut>
{
    private readonly RunEngine _engine;

    internal PipelineRun(RunEngine engine) => _engine = engine;

    /// <summary>Gets the end of the run: no body runs any more, workers and undelivered items are disposed, no task or thread of the run is left
    /// working.</summary>
    /// <value>Faults with a <see cref="PipelineStageException"/> or is canceled with the caller's token; <see cref="Report"/> is there in any case.</value>
    public Task<RunReport> Completion => _engine.Completion;

    /// <summary>Gets what the run did.</summary>
    /// <value>Null until the run has ended, whichever way.</value>
    public RunReport? Report => _engine.Report;

    /// <summary>Stops gracefully: takes nothing more from the source and finishes what is under way. Returns at once.</summary>
    /// <remarks><see cref="Completion"/> then has <see cref="RunOutcome.Drained"/>. A source that waits asynchronously for its next item is canceled; one that
    /// blocks its thread holds up the end until it returns. Does nothing when the run has ended.</remarks>
    public void Drain() => _engine.Drain();

    /// <summary>Stops now: no further body starts, running ones are canceled, undelivered items are disposed. Returns at once.</summary>
    /// <remarks><see cref="Completion"/> is canceled when the last running body has ended. Does nothing when the run has ended.</remarks>
    public void Abort() => _engine.Cancel();

    /// <summary>Takes a snapshot of the run.</summary>
    /// <returns>Cumulative counts with a sequence number.</returns>
    public RunProgress Snapshot() => _engine.Snapshot();
}
