using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Sync;

/// <summary>What this process writes about itself for people and for the wait-for graph. Never part of a safety argument: ids are reused and differ between
/// containers.</summary>
internal static class ProcessIdentity
{
    public static int Id { get; } = Environment.ProcessId;

    public static long StartTicks { get; } = ReadStart();

    public static string Host { get; } = Environment.MachineName;

    /// <summary>Gets what tells this process from others, also after its id was reused.</summary>
    public static string Key { get; } = KeyOf(Host, Id, StartTicks);

    public static string KeyOf(string host, int process, long startTicks) =>
        string.Create(CultureInfo.InvariantCulture, $"{host}/{process}/{startTicks:x}");

    private static long ReadStart()
    {
        using Process self = Process.GetCurrentProcess();
        return self.StartTime.ToUniversalTime().Ticks;
    }
}
