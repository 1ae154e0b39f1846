using Microsoft.Data.Sqlite;

namespace Pipeline.Sync.Benchmarks;

/// <summary>What does one addition cost, on one thread and on two that add to the same counter?</summary>
internal static class Counters
{
    private static readonly Lock s_lock = new();
    private static readonly object s_monitor = new();
    private static long s_word;

    public static void Run()
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        InterlockedCounter interlocked = new();
        StripedCounter striped = new();
        SharedCounter shared = SharedCounter.Open(Path.Combine(folder, "count"), "photos");
        using Mutex mutex = new(false, "Global\\pipeline-bench-" + Guid.NewGuid().ToString("N"));
        using SqliteConnection database = new($"Data Source={Path.Combine(folder, "count.db")}");
        database.Open();
        using SqliteCommand create = database.CreateCommand();
        create.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE c (n INTEGER); INSERT INTO c VALUES (0)";
        create.ExecuteNonQuery();
        using SqliteCommand add = database.CreateCommand();
        add.CommandText = "UPDATE c SET n = n + 1";
        (string, Action)[] fast =
        [
            ("Interlocked.Increment", () => Interlocked.Increment(ref s_word)),
            ("lock (object)", () =>
            {
                lock (s_monitor)
                    s_word++;
            }),
            ("lock (Lock)", () =>
            {
                lock (s_lock)
                    s_word++;
            }),
            ("InterlockedCounter", interlocked.Increment),
            ("StripedCounter", striped.Increment),
            ("SharedCounter (mapped file)", shared.Increment),
        ];
        Console.WriteLine("One thread:");
        Console.WriteLine();
        Rounds.Run(
        [
            .. fast.Select(variant => (variant.Item1, 2_000_000, Loop(variant.Item2))),
            ("named Mutex, then ++", 20_000, Loop(() =>
            {
                mutex.WaitOne();
                s_word++;
                mutex.ReleaseMutex();
            })),
            ("SQLite, one row, WAL NORMAL", 500, Loop(() => add.ExecuteNonQuery())),
        ]);
        Console.WriteLine("Two threads, time per addition of both together:");
        Console.WriteLine();
        Rounds.Run(
            [.. fast.Select(variant => (variant.Item1, 2_000_000, new Action<int>(operations => Twice(variant.Item2, operations))))]);
        shared.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static Action<int> Loop(Action body) => operations =>
    {
        for (int i = 0; i < operations; i++)
            body();
    };

    private static void Twice(Action body, int operations)
    {
        using Barrier start = new(2);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < operations / 2; i++)
                body();
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }
}
