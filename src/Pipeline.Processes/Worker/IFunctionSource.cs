namespace Pipeline.Processes;

/// <summary>Where a worker process finds the functions that its pool calls.</summary>
internal interface IFunctionSource : IDisposable
{
    /// <summary>Runs before the worker takes calls.</summary>
    /// <param name="initializer">What the pool wants to be called first; null for nothing.</param>
    void Initialize(string? initializer);

    /// <summary>Finds a function.</summary>
    /// <param name="definition">What the pool sent.</param>
    WorkerFunctionBody Resolve(string?[] definition);
}
