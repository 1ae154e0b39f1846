namespace Pipeline.Sync.Benchmarks;

/// <summary>What does a free lock set cost beside semaphores that are taken by hand in the right order?</summary>
internal static class LockSets
{
    public static async Task RunAsync(bool noAmbient)
    {
        LockLevel[] levels = [.. Enumerable.Range(0, 4).Select(rank => LockLevel.Define($"level {rank}", rank))];
        OrderedLock[] locks = [.. levels.Select(level => new OrderedLock(level, level.Name))];
        SemaphoreSlim[] semaphores = [.. levels.Select(_ => new SemaphoreSlim(1))];
        Console.WriteLine(noAmbient ? "Without the ambient record of what a flow holds:" :
            "With the ambient record of what a flow holds (the default):");
        Console.WriteLine();
        await Rounds.RunAsync(
            ("two SemaphoreSlim, ordered by hand", 500_000, ByHandAsync),
            ("LockSet of two", 500_000, SetOfTwoAsync),
            ("LockSet of one", 500_000, SetOfOneAsync),
            ("LockSet of four", 200_000, SetOfFourAsync));

        async Task ByHandAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                await semaphores[0].WaitAsync();
                try
                {
                    await semaphores[1].WaitAsync();
                    semaphores[1].Release();
                }
                finally
                {
                    semaphores[0].Release();
                }
            }
        }

        async Task SetOfTwoAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                await using HeldLocks held =
                    await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, locks[1], locks[0], CancellationToken.None);
            }
        }

        async Task SetOfOneAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, locks[0], CancellationToken.None);
            }
        }

        async Task SetOfFourAsync(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, locks);
            }
        }
    }
}
