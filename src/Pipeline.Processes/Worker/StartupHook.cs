using System.Diagnostics.CodeAnalysis;
using Pipeline.Processes;

/// <summary>
/// Entered by the .NET runtime before the application's <c>Main</c> (<c>DOTNET_STARTUP_HOOKS</c>; the name and place of this class are the runtime's contract).
/// A pool that calls static methods starts the application with this hook, so a worker has exactly the application's assemblies, settings and base folder, and
/// its <c>Main</c> never runs.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it outside of any namespace.")]
internal static class StartupHook
{
    /// <summary>Serves as a worker and ends the process, or returns when this process is not one.</summary>
    [RequiresUnreferencedCode("Finds methods and types by name.")]
    [RequiresDynamicCode("Makes generic types at run time.")]
    public static void Initialize()
    {
        // Programs that a worker starts inherit its environment; they must not take the hook for theirs.
        Environment.SetEnvironmentVariable(Protocol.HookVariable, Environment.GetEnvironmentVariable(Protocol.SavedHookVariable));
        Environment.SetEnvironmentVariable(Protocol.SavedHookVariable, null);
        string[] arguments = Environment.GetCommandLineArgs();
        if (arguments.Length < 3 || !WorkerHost.IsWorker(arguments[^3..]))
            return;
        WorkerWarmUp.StartIfUrgent(arguments[^3..]);
        WorkerHost.Serve(arguments[^3..], new StaticMethods());
    }
}
