namespace Pipeline.Processes.TestHost;

/// <summary>An application with a pool whose workers are busy; a test kills it.</summary>
internal static class Parent
{
    /// <summary>Makes two workers hang with 16 MiB of shared memory each, and waits for the end. They write their process ids into the folder.</summary>
    public static async Task<int> RunAsync(string folder)
    {
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 2 });
        using SharedBuffer own = pool.SharedBuffers.Rent(16 << 20);
        own.Span.Fill(1);
        WorkerFunction<Order, Answer> hang = pool.Function("rent-and", HostJson.Default.Order, HostJson.Default.Answer);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => hang.CallAsync(new Order("hang", 16, Path.Combine(folder, $"busy{i}")))));
        return 0;
    }
}
