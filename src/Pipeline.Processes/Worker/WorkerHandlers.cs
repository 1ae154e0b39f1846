using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>The functions that a worker process offers to its pool, by name.</summary>
/// <remarks>Filled once at the start of a worker, from one thread. Requests and results travel as JSON with the given type information.</remarks>
public sealed class WorkerHandlers
{
    private readonly Dictionary<string, WorkerFunctionBody> _bodies = new(StringComparer.Ordinal);

    internal WorkerHandlers()
    {
    }

    internal Dictionary<string, WorkerFunctionBody> Bodies => _bodies;

    /// <summary>Adds a function.</summary>
    /// <typeparam name="TRequest">What it takes.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="name">The name that the pool calls it by.</param>
    /// <param name="requestType">How requests are read.</param>
    /// <param name="resultType">How results are written.</param>
    /// <param name="handler">The function; it runs on the main thread of the worker, one call at a time.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public WorkerHandlers Add<TRequest, TResult>(
        string name,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResult> resultType,
        Func<TRequest, WorkerCallContext, TResult> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Check(name, requestType, resultType);
        return AddBody(name, new WorkerFunctionBody<TRequest, TResult>(requestType, resultType, handler));
    }

    /// <summary>Adds a function that keeps something for the life of the worker: buffers, native handles, a loaded model.</summary>
    /// <typeparam name="TState">What it keeps.</typeparam>
    /// <typeparam name="TRequest">What it takes.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="name">The name that the pool calls it by.</param>
    /// <param name="requestType">How requests are read.</param>
    /// <param name="resultType">How results are written.</param>
    /// <param name="createState">
    /// Called once, before the worker takes calls, in warm spares too. The state is disposed when the worker ends without being killed.
    /// </param>
    /// <param name="handler">The function; it runs on the main thread of the worker, one call at a time.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public WorkerHandlers Add<TState, TRequest, TResult>(
        string name,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResult> resultType,
        Func<TState> createState,
        Func<TState, TRequest, WorkerCallContext, TResult> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(createState);
        Check(name, requestType, resultType);
        return AddBody(
            name,
            new WorkerFunctionBody<TState, TRequest, TResult>(
                requestType, resultType, createState, (state, request, context) =>
                    ValueTask.FromResult(handler(state, request, context)), handler));
    }

    /// <summary>Adds an asynchronous function that keeps something for the life of the worker.</summary>
    /// <typeparam name="TState">What it keeps.</typeparam>
    /// <typeparam name="TRequest">What it takes.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="name">The name that the pool calls it by.</param>
    /// <param name="requestType">How requests are read.</param>
    /// <param name="resultType">How results are written.</param>
    /// <param name="createState">
    /// Called once, before the worker takes calls, in warm spares too. The state is disposed when the worker ends without being killed.
    /// </param>
    /// <param name="handler">The function; the worker takes the next call when the returned task has ended.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public WorkerHandlers AddAsync<TState, TRequest, TResult>(
        string name,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResult> resultType,
        Func<TState> createState,
        Func<TState, TRequest, WorkerCallContext, ValueTask<TResult>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(createState);
        Check(name, requestType, resultType);
        return AddBody(name, new WorkerFunctionBody<TState, TRequest, TResult>(requestType, resultType, createState, handler));
    }

    /// <summary>Adds a stage of a pipeline, for <see cref="ProcessStageExecutor"/>.</summary>
    /// <typeparam name="TIn">The items that it takes.</typeparam>
    /// <typeparam name="TOut">The results that it gives.</typeparam>
    /// <param name="name">The name that the stage has in the pipeline; unique within the worker.</param>
    /// <param name="inType">How items are read, normally from a source-generated context.</param>
    /// <param name="outType">How results are written.</param>
    /// <param name="createStage">
    /// Makes the stage, with the settings that it has in the pipeline too. Its one worker of this process is created before the first item and disposed at the
    /// end.
    /// </param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public WorkerHandlers AddStage<TIn, TOut>(
        string name, JsonTypeInfo<TIn> inType, JsonTypeInfo<TOut> outType, Func<IStage<TIn, TOut>> createStage)
    {
        ArgumentNullException.ThrowIfNull(createStage);
        return AddAsync(
            name, inType, outType,
            () => createStage().CreateWorker(new StageWorkerContext("worker process", name, 0, CancellationToken.None)),
            // the worker process of a canceled item is killed
            static (worker, item, _) => worker.ProcessAsync(item, CancellationToken.None));
    }

    private static void Check(string name, JsonTypeInfo requestType, JsonTypeInfo resultType)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(requestType);
        ArgumentNullException.ThrowIfNull(resultType);
    }

    private WorkerHandlers AddBody(string name, WorkerFunctionBody body)
    {
        if (!_bodies.TryAdd(name, body))
            throw new ArgumentException($"The worker function '{name}' is added twice. Names are unique within one worker.", nameof(name));
        return this;
    }
}
