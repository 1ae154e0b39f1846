using System.Runtime.InteropServices;

namespace Pipeline.Processes.Tests;

/// <summary>Sends signals to processes.</summary>
internal static partial class Signals
{
    internal const int Kill = 9;
    internal const int Terminate = 15;
    internal const int Continue = 18;
    internal const int Stop = 19;

    internal static void Send(int process, int signal) => Assert.Equal(0, kill(process, signal));

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int process, int signal);
}
