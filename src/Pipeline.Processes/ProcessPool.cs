using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>
/// Runs functions in long-lived worker processes: for code that may crash, leak or hang. A worker that dies costs one attempt of one call; the others do not
/// notice.
/// </summary>
/// <remarks>
/// Thread-safe. Calls are served in the order in which they are made, by the first worker with room; results come as they are completed. A call whose worker
/// died is tried again (<see cref="ProcessPoolOptions.MaxWorkerDeathsPerCall"/>), so a function may run more than once for one call: publish its output with
/// one atomic step. Workers end when this process ends, however it ends.
/// </remarks>
public sealed class ProcessPool : IAsyncDisposable
{
    private readonly Supervisor _supervisor;
    private readonly Lock _functionsGate = new();
    private readonly Dictionary<string, PoolFunction> _functions = []; // guarded by _functionsGate; by definition

    private ProcessPool(ProcessPoolOptions options)
    {
        Name = options.Name;
        Workers = options.Workers;
        ServesMethods = options.Launch.ServesMethods;
        _supervisor = new Supervisor(options);
    }

    /// <summary>Gets the name of the pool.</summary>
    public string Name { get; }

    /// <summary>Gets how many workers take calls.</summary>
    public int Workers { get; }

    /// <summary>Gets a value indicating whether workers call methods instead of functions that they register by name.</summary>
    internal bool ServesMethods { get; }

    /// <summary>Gets the memory for large requests and results, which workers read and write in place.</summary>
    /// <value>That of <see cref="ProcessPoolOptions.SharedBuffers"/>, or one of this pool alone, which ends with it.</value>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public SharedBufferPool SharedBuffers => _supervisor.Buffers ?? throw new PlatformNotSupportedException(
        "Shared buffers need Linux (memfd_create). On this system send the path of a file to the workers.");

    /// <summary>Creates a pool and begins to start its workers. Calls can be made at once; they wait for the first worker.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The pool. Disposing it ends the workers; calls that have not ended fail with <see cref="ObjectDisposedException"/>.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static ProcessPool Start(ProcessPoolOptions? options = null) => new((options ?? new ProcessPoolOptions()).CheckAndCopy());

    /// <summary>Gets a function that the workers registered by name. Cheap; keep it and call it often.</summary>
    /// <typeparam name="TRequest">What it takes.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="name">The name given to <see cref="WorkerHandlers"/>.</param>
    /// <param name="requestType">How requests are written, normally from a source-generated context.</param>
    /// <param name="resultType">How results are read.</param>
    /// <returns>The function.</returns>
    /// <exception cref="InvalidOperationException">The pool's workers serve static methods, or more than 65,536 different functions were asked for.</exception>
    public WorkerFunction<TRequest, TResult> Function<TRequest, TResult>(
        string name, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResult> resultType)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(requestType);
        ArgumentNullException.ThrowIfNull(resultType);
        if (ServesMethods)
            throw new InvalidOperationException(
                $"Pool '{Name}' was started with WorkerLaunch.StaticMethods(); its workers register no names. Use Method instead of "
                    + $"Function('{name}').");
        return new WorkerFunction<TRequest, TResult>(_supervisor, Define(name, [Protocol.RegisteredKind, name]), requestType, resultType);
    }

    /// <summary>Gets a static method, or a lambda that captures nothing, as a function of the workers. Cheap; keep it and call it often.</summary>
    /// <typeparam name="TRequest">What it takes.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="method">The method; it runs on the main thread of a worker, one call at a time.</param>
    /// <param name="requestType">How requests travel, normally from a source-generated context with default options.</param>
    /// <param name="resultType">How results travel.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentException">The method is generic, or uses variables or fields of this process.</exception>
    /// <exception cref="InvalidOperationException">The pool was not started with <see cref="WorkerLaunch.StaticMethods"/>.</exception>
    [RequiresUnreferencedCode("Workers find methods and types by name. Use Function with WorkerHost.Run in trimmed applications.")]
    [RequiresDynamicCode("Workers make generic types at run time. Use Function with WorkerHost.Run with native AOT.")]
    public WorkerFunction<TRequest, TResult> Method<TRequest, TResult>(
        Func<TRequest, TResult> method, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResult> resultType) =>
        DefineMethod(method, requestType, resultType);

    /// <summary>Gets a static method that takes the context of its call too, as a function of the workers. Cheap; keep it and call it often.</summary>
    /// <inheritdoc cref="Method{TRequest, TResult}(Func{TRequest, TResult}, JsonTypeInfo{TRequest}, JsonTypeInfo{TResult})"/>
    [RequiresUnreferencedCode("Workers find methods and types by name. Use Function with WorkerHost.Run in trimmed applications.")]
    [RequiresDynamicCode("Workers make generic types at run time. Use Function with WorkerHost.Run with native AOT.")]
    public WorkerFunction<TRequest, TResult> Method<TRequest, TResult>(
        Func<TRequest, WorkerCallContext, TResult> method, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResult> resultType) =>
        DefineMethod(method, requestType, resultType);

    /// <summary>Waits until all workers have started and initialized themselves.</summary>
    /// <param name="cancellationToken">Ends the waiting; the workers go on starting.</param>
    /// <returns>A task that ends when they have.</returns>
    /// <exception cref="WorkerStartException">The workers do not start.</exception>
    public Task WhenReadyAsync(CancellationToken cancellationToken = default) => _supervisor.WhenReadyAsync(cancellationToken);

    /// <summary>Tells where the pool stands.</summary>
    /// <returns>The numbers of this moment.</returns>
    public ProcessPoolSnapshot Snapshot() => _supervisor.Snapshot();

    /// <summary>Ends the pool: idle workers may clean up for <see cref="ProcessPoolOptions.ShutdownTimeout"/>, busy ones are killed.</summary>
    /// <returns>A task that ends when no worker process is left.</returns>
    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    [UnconditionalSuppressMessage("Trimming", "IL2026",
        Justification = "Only a pool of WorkerLaunch.StaticMethods serves methods, and that says so to its caller.")]
    [UnconditionalSuppressMessage("AOT", "IL3050",
        Justification = "Only a pool of WorkerLaunch.StaticMethods serves methods, and that says so to its caller.")]
    internal WorkerFunction<TRequest, TResult> DefineMethod<TRequest, TResult>(
        Delegate method, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResult> resultType)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requestType);
        ArgumentNullException.ThrowIfNull(resultType);
        string name = $"{method.Method.DeclaringType?.Name}.{method.Method.Name}";
        if (!ServesMethods)
            throw new InvalidOperationException(
                $"Pool '{Name}' calls functions that its workers register by name; it cannot call the method '{name}'. Start it with "
                    + "WorkerLaunch.StaticMethods().");
        return new WorkerFunction<TRequest, TResult>(
            _supervisor, Define(name, MethodDescription.Of(method, requestType, resultType)), requestType, resultType);
    }

    private PoolFunction Define(string name, string?[] definition)
    {
        lock (_functionsGate)
        {
            string key = string.Join('\0', definition);
            if (_functions.TryGetValue(key, out PoolFunction? known))
                return known;
            if (_functions.Count > ushort.MaxValue)
                throw new InvalidOperationException($"Pool '{Name}' was asked for more than 65,536 different functions.");
            return _functions[key] = new PoolFunction((ushort)_functions.Count, name, WireStrings.Write(definition));
        }
    }
}
