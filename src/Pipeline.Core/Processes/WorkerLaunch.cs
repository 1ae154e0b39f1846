using System.Collections;
using System.Reflection;

namespace Pipeline.Core;

/// <summary>Says which program a pool starts as its worker processes. Immutable.</summary>
public sealed class WorkerLaunch
{
    private readonly string? _fileName;
    private readonly IReadOnlyList<string> _arguments;

    private WorkerLaunch(string? fileName, IReadOnlyList<string> arguments, bool servesMethods)
    {
        _fileName = fileName;
        _arguments = arguments;
        ServesMethods = servesMethods;
    }

    /// <summary>Gets a value indicating whether workers call static methods instead of functions registered by name.</summary>
    internal bool ServesMethods { get; }

    /// <summary>Starts this application again; its <c>Main</c> must begin with <see cref="WorkerHost.Run"/>. Works with native AOT and trimming.</summary>
    /// <returns>The way to start.</returns>
    public static WorkerLaunch ThisApplication() => new(null, [], servesMethods: false);

    /// <summary>Starts another program whose <c>Main</c> begins with <see cref="WorkerHost.Run"/>.</summary>
    /// <param name="fileName">The executable, or a <c>.dll</c> that <c>dotnet</c> runs. Relative paths count from the folder of this application.</param>
    /// <param name="arguments">Arguments in front of those of the pool; <see cref="WorkerHost.Run"/> must be given only the last three.</param>
    /// <returns>The way to start.</returns>
    public static WorkerLaunch Program(string fileName, params IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        return new WorkerLaunch(Path.GetFullPath(fileName, AppContext.BaseDirectory), [.. arguments], servesMethods: false);
    }

    internal WorkerCommand Resolve(ProcessPoolOptions options)
    {
        List<string> arguments = [];
        string fileName = FindProgram(arguments);
        arguments.AddRange(_arguments);
        arguments.AddRange(
            [Protocol.WorkerArgument, Protocol.Descriptors, System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        return new WorkerCommand(fileName, arguments, MakeEnvironment(options), options.WorkingDirectory);
    }

    private static Dictionary<string, string> MakeEnvironment(ProcessPoolOptions options)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            environment[(string)entry.Key] = (string?)entry.Value ?? string.Empty;

        // One heap per worker is enough: a server heap per processor and worker would multiply the memory of the machine.
        environment.TryAdd("DOTNET_gcServer", "0");
        if (options.MemoryLimitBytes is long limit)
            environment["DOTNET_GCHeapHardLimit"] = "0x" + limit.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        foreach ((string key, string? value) in options.Environment)
        {
            if (value is null)
                environment.Remove(key);
            else
                environment[key] = value;
        }

        return environment;
    }

    private static string FindMuxer()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is string own && Path.GetFileName(own) == name)
            return own;
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is string host && File.Exists(host))
            return host;

        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        string shared = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../..", name));
        return File.Exists(shared)
            ? shared
            : throw new InvalidOperationException($"No '{name}' was found to run a worker with. Set DOTNET_HOST_PATH or give the pool an executable with WorkerLaunch.Program.");
    }

    private string FindProgram(List<string> arguments)
    {
        string? program = _fileName;
        if (program is null)
        {
            string own = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own executable. Give the pool one with WorkerLaunch.Program.");
            if (Path.GetFileNameWithoutExtension(own) != "dotnet")
                return own;
            program = Path.Combine(AppContext.BaseDirectory, (Assembly.GetEntryAssembly()?.GetName().Name ?? "unknown") + ".dll");
        }

        if (!program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            return program;
        arguments.Add("exec");
        arguments.Add(program);
        return FindMuxer();
    }
}
