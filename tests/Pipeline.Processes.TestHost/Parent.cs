using Pipeline.Core;

namespace Pipeline.Processes.TestHost;

/// <summary>An application with a pool whose workers are busy; a test kills it.</summary>
internal static class Parent
{
    /// <summary>Makes two workers hang, which write their process ids into the folder, and waits for the end.</summary>
    internal static async Task<int> RunAsync(string folder)
    {
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 2 });
        WorkerFunction<Order, Answer> hang = pool.Function("hang", HostJson.Default.Order, HostJson.Default.Answer);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => hang.CallAsync(new Order("x", 0, Path.Combine(folder, $"busy{i}")))));
        return 0;
    }
}
