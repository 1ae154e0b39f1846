namespace Pipeline.Sync.Benchmarks;

/// <summary>What does taking and giving back one free permit cost?</summary>
internal static class Permits
{
    public static async Task RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        using CrossProcessSemaphore semaphore = CrossProcessSemaphore.Open(folder, "license", 3);
        using SemaphoreSlim inProcess = new(3);
        using Mutex mutex = new(false, "Global\\pipeline-bench-" + Guid.NewGuid().ToString("N"));
        string file = Path.Combine(folder, "lock");
        await Rounds.RunAsync(
            ("CrossProcessSemaphore", 20_000, PermitAsync),
            ("FileStream, FileShare.None, one slot", 20_000, FileAsync),
            ("named Mutex (one permit, thread-bound)", 20_000, MutexAsync),
            ("SemaphoreSlim (one process only)", 200_000, InProcessAsync));
        Directory.Delete(folder, recursive: true);

        async Task PermitAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                await using PermitLease lease = await semaphore.AcquireAsync();
            }
        }

        Task FileAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                using FileStream slot = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
            }

            return Task.CompletedTask;
        }

        Task MutexAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                mutex.WaitOne();
                mutex.ReleaseMutex();
            }

            return Task.CompletedTask;
        }

        async Task InProcessAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                await inProcess.WaitAsync();
                inProcess.Release();
            }
        }
    }
}
