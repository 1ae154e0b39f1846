namespace Pipeline.Core;

/// <summary>Where the time of one node's workers went.</summary>
/// <remarks>
/// Locking rule: everything is guarded by the run's gate, and every time stamp comes from it, so stamps only rise.
/// <para>
/// The accounts close by construction: at every change the time since the last one is split, idle workers to starved or to the reason why their item waits, and
/// a worker that ends a turn brings the whole turn, split by its own two stamps.
/// </para>
/// </remarks>
internal sealed class StageAccount(int workers, long start, bool isKept)
{
    private long _since = start;
    private int _waiting;
    private IdleReason _reason;
    private long _turnStarts; // sum of the start stamps of running turns

    public int Running { get; private set; }
    public long Busy { get; private set; }
    public long Framework { get; private set; }
    public long Starved { get; private set; }
    public long Room { get; private set; }
    public long Admission { get; private set; }
    public long Ordering { get; private set; }

    /// <summary>Notes how many items wait now.</summary>
    public void Update(long now, int waiting)
    {
        if (!isKept)
            return;
        Settle(now);
        _waiting = waiting;
    }

    /// <summary>Notes why waiting items do not start.</summary>
    public void SetReason(long now, IdleReason reason)
    {
        if (reason == _reason || !isKept)
            return;
        Settle(now);
        _reason = reason;
    }

    public void BeginTurn(long now, int waiting)
    {
        Running++;
        if (!isKept)
            return;
        Settle(now, Running - 1);
        _waiting = waiting;
        _reason = IdleReason.Admission;
        _turnStarts += now;
    }

    /// <summary>Ends a turn: busy inside user code, held while it waited for its next attempt, the rest in this library.</summary>
    public void EndTurn(long now, long start, long busy, long held)
    {
        Running--;
        if (!isKept)
            return;
        Settle(now, Running + 1);
        _turnStarts -= start;
        Busy += busy;
        Room += held;
        Framework += now - start - busy - held;
    }

    /// <summary>Gets the busy time up to now, running turns included.</summary>
    public long BusySoFar(long now) => isKept ? Busy + (Running * now) - _turnStarts : 0;

    public void Settle(long now)
    {
        if (isKept)
            Settle(now, Running);
    }

    private void Settle(long now, int running)
    {
        long time = now - _since;
        _since = now;
        int idle = workers - running;
        int held = Math.Min(idle, _waiting);
        Starved += (idle - held) * time;
        switch (_reason)
        {
            case IdleReason.Room: Room += held * time; break;
            case IdleReason.Ordering: Ordering += held * time; break;
            default: Admission += held * time; break;
        }
    }
}
