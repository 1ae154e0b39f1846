using Pipeline.Sync;

namespace Pipeline.BugFinding.Bugs;

/// <summary>A lock: a monitor on free threads, sync points under the explorer.</summary>
internal sealed class Mutex
{
    private readonly object _gate = new(); // an object, because it is waited on
    private bool _held; // guarded by _gate, or by one participant running at a time

    public bool IsHeld => _held;

    public void Enter()
    {
        if (SyncPoint.IsControlled)
        {
            SyncPoint.Before(SyncPointKind.Acquire, this);
            while (_held)
                SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => !_held);
            _held = true;
            return;
        }

        lock (_gate)
        {
            while (_held)
                Monitor.Wait(_gate);
            _held = true;
        }
    }

    public bool TryEnter()
    {
        SyncPoint.Before(SyncPointKind.Acquire, this);
        lock (_gate)
        {
            if (_held)
                return false;
            _held = true;
            return true;
        }
    }

    public void Exit()
    {
        SyncPoint.Before(SyncPointKind.Release, this);
        lock (_gate)
        {
            _held = false;
            Monitor.Pulse(_gate);
        }
    }
}
