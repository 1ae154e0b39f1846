using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Pipeline.Processes;

/// <summary>Says which program a pool starts as its worker processes. Immutable.</summary>
public sealed class WorkerLaunch
{
    // The runtime makes a thread for collections in the background, files in the temporary folder and threads for a debugger and for diagnostic tools. Each
    // costs every start a part, workers compute on one thread, and the files stay behind when a worker is killed. What this process or
    // ProcessPoolOptions.Environment sets counts.
    private static readonly string[] s_offInWorkers =
        ["DOTNET_gcConcurrent", "DOTNET_EnableDiagnostics_IPC", "DOTNET_EnableDiagnostics_Debugger"];

    private readonly string? _fileName;
    private readonly IReadOnlyList<string> _arguments;

    private WorkerLaunch(string? fileName, IReadOnlyList<string> arguments, bool servesMethods = false, string? initializer = null)
    {
        _fileName = fileName;
        _arguments = arguments;
        ServesMethods = servesMethods;
        Initializer = initializer;
    }

    /// <summary>Gets a value indicating whether workers call static methods instead of functions registered by name.</summary>
    internal bool ServesMethods { get; }

    /// <summary>Gets the method that each worker calls first; null for none.</summary>
    internal string? Initializer { get; }

    /// <summary>Starts this application again; its <c>Main</c> must begin with <see cref="WorkerHost.Run"/>. Works with native AOT and trimming.</summary>
    /// <returns>The way to start.</returns>
    public static WorkerLaunch ThisApplication() => new(null, []);

    /// <summary>Starts another program whose <c>Main</c> begins with <see cref="WorkerHost.Run"/>.</summary>
    /// <param name="fileName">The executable, or a <c>.dll</c> that <c>dotnet</c> runs. Relative paths count from the folder of this application.</param>
    /// <param name="arguments">Arguments in front of those of the pool; <see cref="WorkerHost.Run"/> must be given only the last three.</param>
    /// <returns>The way to start.</returns>
    public static WorkerLaunch Program(string fileName, params IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        return new WorkerLaunch(Path.GetFullPath(fileName, AppContext.BaseDirectory), [.. arguments]);
    }

    /// <summary>
    /// Starts this application again without running its <c>Main</c>: workers call static methods (<c>ProcessPool.Method</c>). For tests, services, plug-ins
    /// and tools; not for native AOT and trimmed applications.
    /// </summary>
    /// <param name="initialize">A static method that each worker calls before it takes calls; null for none.</param>
    /// <returns>The way to start.</returns>
    /// <exception cref="ArgumentException"><paramref name="initialize"/> is generic or captures something.</exception>
    [RequiresUnreferencedCode("Workers find methods and types by name. Use ThisApplication with WorkerHost.Run in trimmed applications.")]
    [RequiresDynamicCode("Workers make generic types at run time. Use ThisApplication with WorkerHost.Run with native AOT.")]
    public static WorkerLaunch StaticMethods(Action? initialize = null) =>
        new(null, [], servesMethods: true, initialize is null ? null : MethodDescription.OfInitializer(initialize));

    /// <summary>Makes the command line for a pool.</summary>
    /// <param name="settings">Variables that workers get besides those of this process; null takes one away.</param>
    /// <param name="workingDirectory">The folder to start in; null for this process's own.</param>
    /// <param name="memoryLimit">The most managed memory of a worker in bytes; null for no limit.</param>
    internal WorkerCommand Resolve(IEnumerable<KeyValuePair<string, string?>> settings, string? workingDirectory, long? memoryLimit)
    {
        List<string> arguments = [];
        string fileName = FindProgram(arguments);
        string pool = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        arguments.AddRange([.. _arguments, Protocol.WorkerArgument, Protocol.Descriptors, pool]);
        Dictionary<string, string> environment = MakeEnvironment(settings, memoryLimit);
        if (ServesMethods)
            AddHook(environment);
        return new WorkerCommand(fileName, arguments, environment, workingDirectory);
    }

    private static Dictionary<string, string> MakeEnvironment(IEnumerable<KeyValuePair<string, string?>> settings, long? memoryLimit)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            environment[(string)entry.Key] = (string?)entry.Value ?? string.Empty;

        // One heap per worker is enough: a server heap per processor and worker would multiply the memory of the machine.
        environment.TryAdd("DOTNET_gcServer", "0");
        foreach (string setting in s_offInWorkers)
            environment.TryAdd(setting, "0");
        if (memoryLimit is { } limit)
            environment["DOTNET_GCHeapHardLimit"] = "0x" + limit.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        foreach ((string key, string? value) in settings)
        {
            if (value is null)
                environment.Remove(key);
            else
                environment[key] = value;
        }

        return environment;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000",
        Justification = "Empty in a single file; the runtime then finds the assembly by its name.")]
    private static void AddHook(Dictionary<string, string> environment)
    {
        if (environment.Remove(Protocol.HookVariable, out string? others))
            environment[Protocol.SavedHookVariable] = others;
        Assembly own = typeof(WorkerLaunch).Assembly;
        environment[Protocol.HookVariable] = own.Location is { Length: > 0 } path ? path : own.GetName().Name!;
    }

    private static string FindMuxer()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is { } own && Path.GetFileName(own) == name)
            return own;
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { } host && File.Exists(host))
            return host;

        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        string shared =
            Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../..", name));
        return File.Exists(shared)
            ? shared
            : throw new InvalidOperationException(
                $"No '{name}' was found to run a worker with. Set DOTNET_HOST_PATH, or give the pool an executable "
                + "with WorkerLaunch.Program.");
    }

    private string FindProgram(List<string> arguments)
    {
        string? program = _fileName;
        if (program is null)
        {
            string own = Environment.ProcessPath ?? throw new InvalidOperationException(
                "This process does not know its own executable. Give the pool one with WorkerLaunch.Program.");
            if (Path.GetFileNameWithoutExtension(own) != "dotnet")
                return own;
            string name = Assembly.GetEntryAssembly()?.GetName().Name
                ?? throw new InvalidOperationException(
                    "This process has no managed entry assembly to start again. Give the pool a program with WorkerLaunch.Program.");
            program = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        }

        if (!program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            return program;
        arguments.Add("exec");
        arguments.Add(program);
        return FindMuxer();
    }
}
