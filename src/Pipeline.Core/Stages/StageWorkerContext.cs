namespace Pipeline.Core;

/// <summary>Tells a worker where it stands.</summary>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="StageName">The name of the stage.</param>
/// <param name="WorkerIndex">The worker's index within its stage, from 0.</param>
/// <param name="RunCancellation">Canceled when the run aborts.</param>
public sealed record StageWorkerContext(string PipelineName, string StageName, int WorkerIndex, CancellationToken RunCancellation)
{
    /// <summary>Gets how many of the run's workers have nothing to do and may help with the item at hand.</summary>
    /// <value>This item's share of them, 0 or more: 0 while there are at least as many items in flight as the run has workers, as in the middle of a run, and
    /// more at its end or when the source is slow. It changes from moment to moment, from any thread; a stage that can divide an item asks again between the
    /// parts. Always 0 outside of a run.</value>
    public int SpareWorkers => Spare?.Invoke() ?? 0;

    /// <summary>Gets the delegate that is the stage's body, for an executor that runs it in another place.</summary>
    /// <value>The lambda or method that the builder was given; null when the stage is an object of its own.</value>
    public Delegate? Body { get; init; }

    /// <summary>Gets a value indicating whether the stage only keeps or drops its items, so that it must give back the very item that it was given.</summary>
    public bool IsFilter { get; init; }

    internal Func<int>? Spare { get; init; }
}
