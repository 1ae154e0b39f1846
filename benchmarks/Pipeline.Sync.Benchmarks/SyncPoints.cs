namespace Pipeline.Sync.Benchmarks;

/// <summary>What do the sync points cost in production, where they are off?</summary>
internal static class SyncPoints
{
    private static long s_word;

    public static void Run()
    {
        InterlockedCounter counter = new();
        Rounds.Run(
            ("Interlocked.Add, bare", 20_000_000, Bare),
            ("InterlockedCounter.Add, with its sync point", 20_000_000, WithSyncPoint),
            ("SyncPoint.Before alone", 20_000_000, SyncPointAlone),
            ("empty loop", 20_000_000, Empty));

        void Bare(int operations)
        {
            for (int i = 0; i < operations; i++)
                Interlocked.Add(ref s_word, 1);
        }

        void WithSyncPoint(int operations)
        {
            for (int i = 0; i < operations; i++)
                counter.Add(1);
        }

        void SyncPointAlone(int operations)
        {
            for (int i = 0; i < operations; i++)
                SyncPoint.Before(SyncPointKind.Update, counter);
        }

        void Empty(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
            }
        }
    }
}
