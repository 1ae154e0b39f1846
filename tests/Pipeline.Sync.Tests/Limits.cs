namespace Pipeline.Sync.Tests;

/// <summary>Limits for waits that should end at once: long enough for a loaded machine, short enough that a hang fails the test.</summary>
internal static class Limits
{
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    public static async Task<T> WithinLimit<T>(this ValueTask<T> task) => await task.AsTask().WaitAsync(Hang);

    public static async Task<T> WithinLimit<T>(this Task<T> task) => await task.WaitAsync(Hang);

    public static async Task WithinLimit(this Task task) => await task.WaitAsync(Hang);

    /// <summary>Waits for a condition that another thread or process brings about.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long started = Environment.TickCount64;
        while (!condition())
        {
            if (Environment.TickCount64 - started > Hang.TotalMilliseconds)
                Assert.Fail($"{what} did not happen in {Hang.TotalSeconds} s.");
            await Task.Yield();
        }
    }
}
