using System.Runtime.ExceptionServices;

namespace Pipeline.Imaging.Internal;

/// <summary>Other threads that do parts of an item while workers of the run have nothing to do.</summary>
/// <param name="spare">How many helpers there may be at this moment.</param>
/// <param name="work">Takes parts until there are none or <see cref="AreTooMany"/>.</param>
/// <remarks>The owner of the item calls <see cref="Invite"/> and <see cref="Join"/>; the rest is thread-safe.</remarks>
internal sealed class Helpers(Func<int> spare, Action work)
{
    private readonly List<Task> _tasks = [];
    private int _running;

    /// <summary>Gets a value indicating whether a helper should leave, because its worker has an item of its own now.</summary>
    public bool AreTooMany => Volatile.Read(ref _running) > spare();

    /// <summary>Starts one more helper when a worker is spare.</summary>
    public void Invite()
    {
        if (Volatile.Read(ref _running) >= spare())
            return;
        Interlocked.Increment(ref _running);
        _tasks.Add(Task.Run(() =>
        {
            try
            {
                work();
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }));
    }

    /// <summary>Waits until no helper runs, and throws what the first one that failed has thrown.</summary>
    public void Join()
    {
        foreach (Task task in _tasks)
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (_tasks.Find(task => task.IsFaulted) is { } failed)
            ExceptionDispatchInfo.Throw(failed.Exception!.InnerException!);
    }
}
