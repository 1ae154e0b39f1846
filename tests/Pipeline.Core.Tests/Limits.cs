namespace Pipeline.Core.Tests;

internal static class Limits
{
    /// <summary>How long a test waits before it calls a run hung. Generous: it is never reached when the code is right.</summary>
    internal static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    internal static Task<T> OrHang<T>(this Task<T> task) => task.WaitAsync(Hang);

    internal static Task OrHang(this Task task) => task.WaitAsync(Hang);
}
