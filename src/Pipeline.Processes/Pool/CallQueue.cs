using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>Waiting calls, first in first out; one can leave from the middle. Guarded by the supervisor's lock.</summary>
[DebuggerDisplay("{Count} calls wait")]
internal sealed class CallQueue
{
    private readonly LinkedList<PoolCall> _calls = [];

    public int Count => _calls.Count;

    public PoolCall? First => _calls.First?.Value;

    public void AddLast(PoolCall call) => _calls.AddLast(call.Place);

    public void AddFirst(PoolCall call) => _calls.AddFirst(call.Place);

    public PoolCall? TakeFirst()
    {
        PoolCall? call = First;
        if (call is not null)
            Remove(call);
        return call;
    }

    public void Remove(PoolCall call) => _calls.Remove(call.Place);

    /// <summary>Checks both ends only: a queue may be long.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        foreach (PoolCall? call in (ReadOnlySpan<PoolCall?>)[_calls.First?.Value, _calls.Last?.Value])
            Debug.Assert(
                call is null or { Worker: null, IsEnded: false, IsSuspect: false, PendingEnd: CallEnding.None },
                "A waiting call is in another place too.");
    }
}
