namespace Pipeline.Core;

/// <summary>Decides where the bodies of a stage run. A subclass is the seam for another place, such as a pool of processes.</summary>
/// <remarks>Order, capacity, budget, retries, cancellation and accounts stay with the run with every executor: it only makes the worker objects. Immutable or
/// thread-safe; one executor may serve several stages and runs at the same time.</remarks>
public abstract class StageExecutor
{
    /// <summary>Gets the default: bodies run on the run's own threads and give them back while they wait.</summary>
    public static StageExecutor Tasks { get; } = new TaskExecutor();

    /// <summary>Gets the executor with one thread per worker, on which the worker is created, processes all its items and is disposed.</summary>
    /// <value>For native code that must stay on one thread. The thread waits while a body waits.</value>
    public static StageExecutor DedicatedThreads { get; } = new DedicatedThreadExecutor();

    /// <summary>Makes one worker of a stage.</summary>
    /// <typeparam name="TIn">The items that the stage takes.</typeparam>
    /// <typeparam name="TOut">The results that it gives.</typeparam>
    /// <param name="stage">The stage.</param>
    /// <param name="context">The stage's name, the worker's index and the run's cancellation.</param>
    /// <returns>A worker, often around the one that the stage creates. The run disposes it.</returns>
    /// <exception cref="NotSupportedException">The executor cannot run this stage; the message says why.</exception>
    public abstract IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context);

    private sealed class TaskExecutor : StageExecutor
    {
        public override IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context) =>
            stage.CreateWorker(context);
    }

    private sealed class DedicatedThreadExecutor : StageExecutor
    {
        public override IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context) =>
            new ThreadWorker<TIn, TOut>(stage, context);
    }
}
