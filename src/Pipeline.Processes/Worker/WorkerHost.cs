namespace Pipeline.Processes;

/// <summary>Turns a start of the application into a worker process when a <see cref="ProcessPool"/> asked for one.</summary>
/// <example><code>
/// // First line of Main:
/// WorkerHost.Run(args, workers => workers.Add("thumbnail", Json.Default.Photo, Json.Default.Thumbnail, (photo, context) => Make(photo)));
/// </code></example>
public static class WorkerHost
{
    /// <summary>Serves as a worker and ends the process, or returns at once when this start of the application is no worker.</summary>
    /// <param name="args">The arguments of <c>Main</c>.</param>
    /// <param name="register">Adds the functions that the pool can call. Called in worker processes only.</param>
    /// <remarks>
    /// Call it before anything that the application does for itself (logging, configuration, windows): a worker needs none of it, and its start is the time
    /// that a pool waits. Standard input of a worker is empty; what it writes to standard output and standard error goes to the pool's logger.
    /// </remarks>
    public static void Run(IReadOnlyList<string> args, Action<WorkerHandlers> register)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(register);
        if (!IsWorker(args))
            return;
        WorkerWarmUp.StartIfUrgent(args);
        WorkerHandlers handlers = new();
        register(handlers);
        Serve(args, new RegisteredFunctions(handlers));
    }

    /// <summary>Tells whether this start of the application is a worker.</summary>
    /// <param name="args">The arguments of <c>Main</c>.</param>
    /// <returns>True when <see cref="Run"/> would serve and not return.</returns>
    public static bool IsWorker(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args is [Protocol.WorkerArgument or Protocol.UrgentWorkerArgument, _, _];
    }

    internal static void Serve(IReadOnlyList<string> args, IFunctionSource source)
    {
        int pool = int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture);
        using (WorkerEndpoint endpoint = WorkerEndpoint.Open(args[1], pool))
        using (WorkerLoop loop = new(endpoint, source))
            loop.Run();
        Environment.Exit(0);
    }
}
