using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Pipeline.Core.Internal;

namespace Pipeline.Core;

/// <summary>Decides where the bodies of a stage run. A subclass is the seam for another place, such as a pool of processes.</summary>
/// <remarks>
/// Order, capacity, budget, retries, cancellation and accounts stay with the run, whatever the executor: it only makes the worker
/// objects. Immutable or thread-safe; one executor may serve several stages and runs at the same time.
/// </remarks>
public abstract class StageExecutor
{
    /// <summary>Gets the default: bodies run on the run's own threads and give them back while they wait.</summary>
    public static StageExecutor Tasks { get; } = new TaskExecutor();

    /// <summary>Gets the executor with one thread per worker, on which the worker is created, processes all its items and is disposed.</summary>
    /// <value>For native code that must stay on one thread. The thread waits while a body waits.</value>
    public static StageExecutor DedicatedThreads { get; } = new DedicatedThreadExecutor();

    /// <summary>Gets an executor that runs bodies in the worker processes of a pool: for stages that may crash, leak or hang.</summary>
    /// <param name="pool">The pool. It may serve several stages and runs; the caller disposes it after them.</param>
    /// <param name="json">Source-generated information of the types that the stages take and give, which travel as JSON.</param>
    /// <returns>An executor. Give the stage as many workers as the pool has: with more, items wait in the pool, and that time counts in <see cref="StageOptions.ItemTimeout"/>.</returns>
    /// <remarks>
    /// Workers find the stage by its name (<see cref="WorkerHandlers.AddStage{TIn, TOut}"/>), or, in a pool of <see cref="WorkerLaunch.StaticMethods"/>, by its body: a static method or a lambda
    /// that captures nothing. Order, budget, failure policy, retries and cancellation are the run's, as with tasks. A body that throws fails its item with
    /// <see cref="WorkerFunctionException"/>; one that takes its worker down is tried again by the pool and then fails with <see cref="WorkerCrashedException"/>. A canceled or timed-out
    /// body ends with its worker.
    /// </remarks>
    public static StageExecutor Processes(ProcessPool pool, JsonSerializerContext json)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(json);
        return new ProcessExecutor(pool, json.GetTypeInfo);
    }

    /// <summary>Gets an executor that runs bodies in the worker processes of a pool, with types that are read by reflection.</summary>
    /// <inheritdoc cref="Processes(ProcessPool, JsonSerializerContext)"/>
    [RequiresUnreferencedCode("Serializes types by reflection. Pass a JsonSerializerContext in trimmed applications.")]
    [RequiresDynamicCode("Serializes types by reflection. Pass a JsonSerializerContext with native AOT.")]
    public static StageExecutor Processes(ProcessPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return new ProcessExecutor(pool, System.Text.Json.JsonSerializerOptions.Default.GetTypeInfo);
    }

    /// <summary>Makes one worker of a stage.</summary>
    /// <typeparam name="TIn">The items that the stage takes.</typeparam>
    /// <typeparam name="TOut">The results that it gives.</typeparam>
    /// <param name="stage">The stage.</param>
    /// <param name="context">The stage's name, the worker's index and the run's cancellation.</param>
    /// <returns>A worker, often around the one that the stage creates. The run disposes it.</returns>
    /// <exception cref="NotSupportedException">The executor cannot run this stage; the message says why.</exception>
    public abstract IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context);
}
