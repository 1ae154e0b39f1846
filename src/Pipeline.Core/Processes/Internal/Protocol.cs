using System.Reflection;

namespace Pipeline.Core;

/// <summary>What both ends of a worker connection must agree on.</summary>
internal static class Protocol
{
    /// <summary>Rises with every change of the frames or of <see cref="ControlPage"/>.</summary>
    internal const int Version = 4;

    /// <summary>The argument that turns a start of the application into a worker.</summary>
    internal const string WorkerArgument = "--pipeline-worker";

    /// <summary>The argument after it when the connection is descriptors 3 to 6; otherwise the name of a pipe.</summary>
    internal const string Descriptors = "descriptors";

    /// <summary>Gets the build of this library; a pool refuses workers of another one.</summary>
    internal static string BuildIdentity => field ??=
        typeof(Protocol).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? typeof(Protocol).Assembly.GetName().Version?.ToString() ?? "unknown";

    /// <summary>Gets what tells at once that both ends run the same file; reading <see cref="BuildIdentity"/> takes a part of a millisecond of every start, and so does a text of this.</summary>
    internal static byte[] ModuleIdentity => typeof(Protocol).Module.ModuleVersionId.ToByteArray();
}
