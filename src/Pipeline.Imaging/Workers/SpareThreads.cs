using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Pipeline.Imaging;

/// <summary>Other threads that do parts of an item while workers of the run have nothing to do.</summary>
/// <param name="spare">How many helpers there may be at this moment.</param>
/// <param name="work">Takes parts until there are none or <see cref="AreTooMany"/>.</param>
/// <remarks>The owner of the item calls <see cref="Invite"/> and <see cref="Join"/>; the rest is thread-safe.</remarks>
internal sealed class SpareThreads(Func<int> spare, Action work)
{
    private readonly List<(StrongBox<int> Claimed, Task Task)> _invited = [];
    private int _running;

    /// <summary>Gets a value indicating whether a helper should leave, because its worker has an item of its own now.</summary>
    public bool AreTooMany => Volatile.Read(ref _running) > spare();

    /// <summary>Starts one more helper when a worker is spare.</summary>
    public void Invite()
    {
        if (Volatile.Read(ref _running) >= spare())
            return;
        Interlocked.Increment(ref _running);
        StrongBox<int> claimed = new();
        _invited.Add((claimed, Task.Run(() =>
        {
            if (!Claim(claimed))
                return;
            try
            {
                work();
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        })));
    }

    /// <summary>Waits until no helper runs, and throws what the first one that failed has thrown. One that has not begun, because no thread is free, is not
    /// waited for and never begins.</summary>
    public void Join()
    {
        (StrongBox<int> Claimed, Task Task)[] invited = [.. _invited];
        _invited.Clear();
        foreach ((StrongBox<int> claimed, Task task) in invited)
        {
            if (Claim(claimed))
                Interlocked.Decrement(ref _running);
            else
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }

        if (Array.Find(invited, helper => helper.Task.IsFaulted) is { Task: { } failed })
            ExceptionDispatchInfo.Throw(failed.Exception!.InnerException!);
    }

    private static bool Claim(StrongBox<int> claimed) => Interlocked.Exchange(ref claimed.Value, 1) == 0;
}
