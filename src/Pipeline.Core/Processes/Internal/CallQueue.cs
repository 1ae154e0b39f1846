namespace Pipeline.Core;

/// <summary>Waiting calls, first in first out, linked through the calls so that one can leave from the middle. Guarded by the supervisor's lock.</summary>
internal sealed class CallQueue
{
    private PoolCall? _first;
    private PoolCall? _last;

    internal int Count { get; private set; }

    internal PoolCall? First => _first;

    internal void AddLast(PoolCall call)
    {
        call.Previous = _last;
        call.Next = null;
        if (_last is null)
            _first = call;
        else
            _last.Next = call;
        _last = call;
        call.IsQueued = true;
        Count++;
    }

    internal void AddFirst(PoolCall call)
    {
        call.Previous = null;
        call.Next = _first;
        if (_first is null)
            _last = call;
        else
            _first.Previous = call;
        _first = call;
        call.IsQueued = true;
        Count++;
    }

    internal PoolCall? TakeFirst()
    {
        PoolCall? call = _first;
        if (call is not null)
            Remove(call);
        return call;
    }

    internal void Remove(PoolCall call)
    {
        if (call.Previous is null)
            _first = call.Next;
        else
            call.Previous.Next = call.Next;
        if (call.Next is null)
            _last = call.Previous;
        else
            call.Next.Previous = call.Previous;
        call.Previous = call.Next = null;
        call.IsQueued = false;
        Count--;
    }
}
