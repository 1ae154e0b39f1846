using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pipeline.Processes;

/// <summary>Adds worker processes to the places where the bodies of a stage can run: <c>StageExecutor.Processes(pool, json)</c>.</summary>
public static class ProcessStageExecutor
{
    extension(StageExecutor)
    {
        /// <summary>Gets an executor that runs bodies in the worker processes of a pool: for stages that may crash, leak or hang.</summary>
        /// <param name="pool">The pool. It may serve several stages and runs; the caller disposes it after them.</param>
        /// <param name="json">Source-generated information of the types that the stages take and give, which travel as JSON.</param>
        /// <returns>
        /// An executor. Give the stage as many workers as the pool has: with more, items wait in the pool, and that time counts in
        /// <see cref="StageOptions.ItemTimeout"/>.
        /// </returns>
        /// <remarks>
        /// Workers find the stage by its name (<see cref="WorkerHandlers.AddStage{TIn, TOut}"/>), or, in a pool of <see cref="WorkerLaunch.StaticMethods"/>, by
        /// its body: a static method or a lambda that captures nothing. Order, budget, failure policy, retries and cancellation are the run's, as with tasks. A
        /// body that throws fails its item with <see cref="WorkerFunctionException"/>; one that takes its worker down is tried again by the pool and then fails
        /// with <see cref="WorkerCrashedException"/>. A canceled or timed-out body ends with its worker.
        /// </remarks>
        public static StageExecutor Processes(ProcessPool pool, JsonSerializerContext json)
        {
            ArgumentNullException.ThrowIfNull(pool);
            ArgumentNullException.ThrowIfNull(json);
            return new ProcessExecutor(pool, json.GetTypeInfo);
        }

        /// <summary>Gets an executor that runs bodies in the worker processes of a pool, with types that are read by reflection.</summary>
        /// <param name="pool">The pool. It may serve several stages and runs; the caller disposes it after them.</param>
        /// <returns>An executor, as the one with a JSON context gives.</returns>
        [RequiresUnreferencedCode("Serializes types by reflection. Pass a JsonSerializerContext in trimmed applications.")]
        [RequiresDynamicCode("Serializes types by reflection. Pass a JsonSerializerContext with native AOT.")]
        public static StageExecutor Processes(ProcessPool pool)
        {
            ArgumentNullException.ThrowIfNull(pool);
            return new ProcessExecutor(pool, System.Text.Json.JsonSerializerOptions.Default.GetTypeInfo);
        }
    }
}
