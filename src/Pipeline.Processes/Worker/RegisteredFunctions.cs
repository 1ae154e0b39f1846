namespace Pipeline.Processes;

/// <summary>The functions that an application registered by name.</summary>
internal sealed class RegisteredFunctions(WorkerHandlers handlers) : IFunctionSource
{
    public void Initialize(string? initializer)
    {
        foreach (WorkerFunctionBody body in handlers.Bodies.Values)
            body.Start();
    }

    public WorkerFunctionBody Resolve(string?[] definition)
    {
        if (definition is not [Protocol.RegisteredKind, { } name])
        {
            throw new InvalidOperationException(
                "The pool asked for a static method, but this worker serves registered names. Start the pool with "
                    + "WorkerLaunch.StaticMethods().");
        }

        return handlers.Bodies.TryGetValue(name, out WorkerFunctionBody? body) ? body : throw Unknown(name);
    }

    public void Dispose()
    {
        foreach (WorkerFunctionBody body in handlers.Bodies.Values)
            body.Dispose();
    }

    // Apart from its use, so that a start does not load what only the message needs.
    private InvalidOperationException Unknown(string name) =>
        new($"The worker has no function '{name}'. It has: {string.Join(", ", handlers.Bodies.Keys.Order(StringComparer.Ordinal))}. Add "
            + "it in WorkerHost.Run.");
}
