namespace Pipeline.Core.Tests;

internal static class Limits
{
    /// <summary>How long a test waits before it calls a run hung. Generous: it is never reached when the code is right.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    public static Task<T> OrHang<T>(this Task<T> task) => task.WaitAsync(Hang);

    public static Task OrHang(this Task task) => task.WaitAsync(Hang);
}
