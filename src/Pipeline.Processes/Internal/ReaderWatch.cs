using Pipeline.Core;
namespace Pipeline.Processes;

/// <summary>The one thread that looks after reading threads which run code of callers (<see cref="WorkerProcess"/>). It sleeps while none does.</summary>
/// <remarks>
/// Locking rule: <c>Gate</c> guards the list. It is a thread of its own because the thread pool may be full of callers that wait for exactly the results that are not read.
/// </remarks>
internal static class ReaderWatch
{
    // A reader that is away for one to two of these is replaced.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private const int IdleTicks = 50;

    private static readonly Lock Gate = new();
    private static readonly List<WorkerProcess> Readers = []; // guarded by Gate
    private static readonly AutoResetEvent Wake = new(false);
    private static bool s_started; // guarded by Gate
    private static volatile bool s_awake;

    internal static void Add(WorkerProcess reader)
    {
        lock (Gate)
        {
            Readers.Add(reader);
            if (s_started)
                return;
            s_started = true;
            new Thread(Run, 128 * 1024) { IsBackground = true, Name = "Pipeline reader watch" }.Start();
        }
    }

    internal static void Remove(WorkerProcess reader)
    {
        lock (Gate)
            Readers.Remove(reader);
    }

    /// <summary>A reader goes away. Called after it has said so (a full fence lies between), so that either the watch sees it or is woken.</summary>
    internal static void Note()
    {
        if (s_awake)
            return;
        s_awake = true;
        Wake.Set();
    }

    private static void Run()
    {
        int idle = 0;
        while (true)
        {
            if (idle < IdleTicks)
            {
                Wake.WaitOne(Tick);
            }
            else
            {
                s_awake = false;
                Interlocked.MemoryBarrier();
                if (!ReplaceThoseAway())
                    Wake.WaitOne();
                idle = 0;
            }

            idle = ReplaceThoseAway() ? 0 : idle + 1;
        }
    }

    /// <summary>Looks at all readers.</summary>
    /// <returns>Whether one was away.</returns>
    private static bool ReplaceThoseAway()
    {
        bool any = false;
        lock (Gate)
        {
            foreach (WorkerProcess reader in Readers)
                any |= reader.ReplaceReaderIfAway(Tick);
        }

        return any;
    }
}
