using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>Sends the items of a stage to the worker processes of a pool. The stage object of this process only says what it is and estimates.</summary>
internal sealed class ProcessExecutor(ProcessPool pool, Func<Type, JsonTypeInfo?> typeInfo) : StageExecutor
{
    public override IStageWorker<TIn, TOut> CreateWorker<TIn, TOut>(IStage<TIn, TOut> stage, StageWorkerContext context)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsFilter)
            throw new NotSupportedException(
                $"Stage '{context.StageName}' is a filter; what it decides stays in this process. Leave StageOptions.Executor of Where "
                    + "at StageExecutor.Tasks.");
        JsonTypeInfo<TIn> inType = TypeInfo<TIn>(context);
        JsonTypeInfo<TOut> outType = TypeInfo<TOut>(context);
        WorkerFunction<TIn, TOut> function = pool.ServesMethods
            ? pool.DefineMethod(context.Body ?? throw WithoutBody(stage, context), inType, outType)
            : pool.Function(context.StageName, inType, outType);
        return new WorkerStage<TIn, TOut>(function).CreateWorker(context);
    }

    private static NotSupportedException WithoutBody(object stage, StageWorkerContext context) => new(
        $"Stage '{context.StageName}' is an object of {stage.GetType().Name}; workers of WorkerLaunch.StaticMethods() can call only "
            + "methods. Use a static method as its body, or start the pool "
        + $"with WorkerHost.Run in Main and register the stage there: workers.AddStage(\"{context.StageName}\", ...).");

    private JsonTypeInfo<T> TypeInfo<T>(StageWorkerContext context) => typeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new NotSupportedException(
            $"Stage '{context.StageName}' sends {typeof(T)} to worker processes, but the JSON context of its executor does not know "
                + $"that type. Add [JsonSerializable(typeof({typeof(T).Name}))] to it.");
}
