namespace Pipeline.Core;

/// <summary>Describes one stage of a pipeline: a factory of workers that turn items into results.</summary>
/// <typeparam name="TIn">The items that the stage takes.</typeparam>
/// <typeparam name="TOut">The results that it gives.</typeparam>
/// <remarks>A stage object is immutable and may be used by several definitions and runs at the same time. What changes during a run (buffers, native handles)
/// belongs to the workers that it creates. A stage that knows how many bytes an item will need also implements <see cref="IWeightEstimator{TIn}"/>.</remarks>
public interface IStage<in TIn, TOut>
{
    /// <summary>Creates the state of one worker. Called once per worker and run, before its first item.</summary>
    /// <param name="context">The stage's name, the worker's index and the run's cancellation.</param>
    /// <returns>A worker that the run uses from one thread of control at a time and disposes when the run ends.</returns>
    IStageWorker<TIn, TOut> CreateWorker(StageWorkerContext context);
}
