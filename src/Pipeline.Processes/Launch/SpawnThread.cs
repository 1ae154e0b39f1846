using System.Collections.Concurrent;

namespace Pipeline.Processes;

/// <summary>
/// The one thread that starts workers. On Linux the signal that a child gets when its parent dies is sent when the <em>thread</em> that started it ends; a
/// thread of the thread pool may end at any time, this one lives as long as the process.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> s_work = Start();

    public static void Post(Action action) => s_work.Add(action);

    private static BlockingCollection<Action> Start()
    {
        BlockingCollection<Action> work = [];
        Thread thread = new(() =>
        {
            foreach (Action action in work.GetConsumingEnumerable())
                action();
        })
        {
            IsBackground = true,
            Name = "Pipeline worker starter",
        };
        thread.Start();
        return work;
    }
}
