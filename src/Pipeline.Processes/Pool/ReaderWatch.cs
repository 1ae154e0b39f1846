namespace Pipeline.Processes;

/// <summary>The one thread that looks after reading threads which run code of callers (<see cref="AnswerReader"/>). It sleeps while none does.</summary>
/// <remarks>
/// Locking rule: <c>s_gate</c> guards the list. It is a thread of its own because the thread pool may be full of callers that wait for exactly the results that
/// are not read.
/// </remarks>
internal static class ReaderWatch
{
    // A reader that is away for one to two of these is replaced.
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);
    private const int IdleTicks = 50;

    private static readonly Lock s_gate = new();
    private static readonly List<AnswerReader> s_readers = []; // guarded by s_gate
    private static readonly AutoResetEvent s_wake = new(false);
    private static bool s_isStarted; // guarded by s_gate
    private static volatile bool s_isAwake;

    public static void Add(AnswerReader reader)
    {
        lock (s_gate)
        {
            s_readers.Add(reader);
            if (s_isStarted)
                return;
            s_isStarted = true;
            new Thread(Run, 128 * 1024) { IsBackground = true, Name = "Pipeline reader watch" }.Start();
        }
    }

    public static void Remove(AnswerReader reader)
    {
        lock (s_gate)
            s_readers.Remove(reader);
    }

    /// <summary>A reader goes away. Called after it has said so (a full fence lies between), so that either the watch sees it or is woken.</summary>
    public static void Note()
    {
        if (s_isAwake)
            return;
        s_isAwake = true;
        s_wake.Set();
    }

    private static void Run()
    {
        int idle = 0;
        while (true)
        {
            if (idle < IdleTicks)
            {
                s_wake.WaitOne(s_tick);
            }
            else
            {
                s_isAwake = false;
                Interlocked.MemoryBarrier();
                if (!ReplaceThoseAway())
                    s_wake.WaitOne();
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
        lock (s_gate)
        {
            foreach (AnswerReader reader in s_readers)
                any |= reader.ReplaceReaderIfAway(s_tick);
        }

        return any;
    }
}
