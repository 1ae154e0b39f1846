using System.Globalization;
using System.Reflection;

namespace Pipeline.Processes;

/// <summary>What both ends of a worker connection must agree on.</summary>
internal static class Protocol
{
    /// <summary>Rises with every change of the frames or of <see cref="ControlPage"/>.</summary>
    public const int Version = 4;

    /// <summary>The argument that turns a start of the application into a worker.</summary>
    public const string WorkerArgument = "--pipeline-worker";

    /// <summary>The same when calls wait for the worker and processors are idle; see <see cref="WorkerWarmUp"/>.</summary>
    public const string UrgentWorkerArgument = "--pipeline-worker-now";

    /// <summary>The argument after it when the connection is descriptors 3 to 6; otherwise the name of a pipe.</summary>
    public const string Descriptors = "descriptors";

    /// <summary>Where the runtime looks for the code that turns a start of the application into a worker which serves static methods.</summary>
    public const string HookVariable = "DOTNET_STARTUP_HOOKS";

    /// <summary>Where a worker finds what the variable held before.</summary>
    public const string SavedHookVariable = "PIPELINE_SAVED_STARTUP_HOOKS";

    /// <summary>The first string in the definition of a function that workers register by name; the name follows.</summary>
    public const string RegisteredKind = "name";

    /// <summary>The first string in the definition of a static method; its place and its types follow.</summary>
    public const string MethodKind = "method";

    /// <summary>Between the parts of an initializer's place.</summary>
    public const char InitializerSeparator = '\n';

    /// <summary>Gets the build of this library; a pool refuses workers of another one.</summary>
    public static string BuildIdentity => field ??=
        typeof(Protocol).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? typeof(Protocol).Assembly.GetName().Version?.ToString() ?? "unknown";

    // Tells at once that both ends run the same file; reading BuildIdentity takes a part of a millisecond of every start, and so does a text of this.
    private static byte[] ModuleIdentity => typeof(Protocol).Module.ModuleVersionId.ToByteArray();

    /// <summary>
    /// Writes what a worker is told first: version, build, initializer, size of the shared memory, and the identity of the file in the form of a string.
    /// </summary>
    public static byte[] WriteStart(string build, string? initializer, string? sharedBytes)
    {
        string?[] values = [Version.ToString(CultureInfo.InvariantCulture), build, initializer, sharedBytes];
        return [.. WireStrings.Write(values), 16, 0, 0, 0, .. ModuleIdentity];
    }

    /// <summary>Tells whether what a worker was told first comes from a process that runs the same file.</summary>
    public static bool IsSameFile(ReadOnlySpan<byte> start) => start.EndsWith(ModuleIdentity);
}
