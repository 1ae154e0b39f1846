using Pipeline.Sync;

namespace Pipeline.BugFinding.Bugs;

/// <summary>An event: a monitor on free threads, sync points under the explorer.</summary>
internal sealed class Signal
{
    private readonly object _gate = new(); // an object, because it is waited on
    private bool _isSet;

    public void Set() => Change(true);

    public void Reset() => Change(false);

    public void Wait()
    {
        if (SyncPoint.IsControlled)
        {
            while (!_isSet)
                SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => _isSet);
            return;
        }

        lock (_gate)
        {
            while (!_isSet)
                Monitor.Wait(_gate);
        }
    }

    private void Change(bool value)
    {
        SyncPoint.Before(SyncPointKind.Write, this);
        lock (_gate)
        {
            _isSet = value;
            Monitor.PulseAll(_gate);
        }
    }
}
