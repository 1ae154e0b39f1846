using Pipeline.Core;
namespace Pipeline.Processes;

/// <summary>Waiting calls, first in first out; one can leave from the middle. Guarded by the supervisor's lock.</summary>
internal sealed class CallQueue
{
    private readonly LinkedList<PoolCall> _calls = [];

    internal int Count => _calls.Count;

    internal PoolCall? First => _calls.First?.Value;

    internal void AddLast(PoolCall call) => _calls.AddLast(call.Place);

    internal void AddFirst(PoolCall call) => _calls.AddFirst(call.Place);

    internal PoolCall? TakeFirst()
    {
        PoolCall? call = First;
        if (call is not null)
            Remove(call);
        return call;
    }

    internal void Remove(PoolCall call) => _calls.Remove(call.Place);
}
