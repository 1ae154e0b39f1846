using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Testing;

/// <summary>A thread that participants of many runs use one after the other; starting one for each would cost more than the run.</summary>
/// <remarks>Not from the thread pool: participants block, and the pool would add threads only twice a second.</remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim whose "
    + "wait handle is never asked for owns nothing, and an abandoned thread may still use it.")]
internal sealed class ParticipantThread
{
    private static readonly ConcurrentBag<ParticipantThread> s_idle = [];
    private readonly SemaphoreSlim _work = new(0);
    private Action _action = static () => { }; // written before _work is released

    private ParticipantThread() => new Thread(Loop) { IsBackground = true, Name = "explorer participant" }.Start();

    public static void Run(Action action)
    {
        if (!s_idle.TryTake(out ParticipantThread? thread))
            thread = new ParticipantThread();
        thread._action = action;
        thread._work.Release();
    }

    private void Loop()
    {
        while (true)
        {
            _work.Wait();
            _action();
            s_idle.Add(this);
        }
    }
}
