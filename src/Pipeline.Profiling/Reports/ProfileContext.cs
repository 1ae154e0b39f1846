using System.Runtime;
using System.Runtime.InteropServices;

namespace Pipeline.Profiling;

/// <summary>Where a profile was measured; its statements hold for that place only.</summary>
/// <param name="Processors">Logical processors that the process may use.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="OperatingSystem">The operating system and architecture.</param>
/// <param name="ServerGarbageCollection">Whether the server garbage collector was on.</param>
public sealed record ProfileContext(int Processors, string Runtime, string OperatingSystem, bool ServerGarbageCollection)
{
    /// <summary>Describes this process.</summary>
    /// <returns>The context.</returns>
    public static ProfileContext Current() => new(
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        GCSettings.IsServerGC);
}
