using System.Diagnostics;

namespace Pipeline.Profiling;

/// <summary>The queue between two stages, as the engine keeps it: room is taken before a body starts.</summary>
/// <remarks>
/// The limit is the consumer's capacity plus the producer's workers, which gives the same times as workers that keep a finished item
/// until there is room (blocking after service). Where order is kept, positions are reserved in order and what is ready from the
/// head on may go on; so a slow item holds others back only when the positions behind it are used up.
/// </remarks>
[DebuggerDisplay("{Ready} ready, room for {Room}")]
internal sealed class SimulatedQueue(int capacity, int limit)
{
    private readonly Dictionary<long, (SimulatedItem Item, double Since)> _placed = []; // by position, from _head to _tail
    private long _head; // the next position to take
    private long _readyEnd; // the first position that is still empty
    private long _tail; // the next position to reserve
    private int _promised; // room taken by bodies that run, without a position yet
    private double _integral;
    private double _since;
    private double _waited;
    private long _left;

    public int Ready => (int)(_readyEnd - _head);

    public int Waiting => Math.Min(Ready, Math.Max(1, capacity));

    public int Room => limit - (int)(_tail - _head) - _promised;

    /// <summary>Inside an ordered region, what is ready must not outgrow the capacity.</summary>
    public bool HasRoomForReady => Ready < Math.Max(1, capacity);

    public void Promise() => _promised++;

    public long Reserve() => _tail++;

    public void Append(SimulatedItem item, double now)
    {
        _promised--;
        Place(Reserve(), item, now);
    }

    public void Place(long position, SimulatedItem item, double now)
    {
        Count(now);
        _placed.Add(position, (item, now));
        while (_placed.ContainsKey(_readyEnd))
            _readyEnd++;
        AssertInvariants();
    }

    public SimulatedItem Take(double now)
    {
        Count(now);
        _placed.Remove(_head, out (SimulatedItem Item, double Since) taken);
        _head++;
        _waited += now - taken.Since;
        _left++;
        AssertInvariants();
        return taken.Item;
    }

    public (double MeanLength, double MeanWait) Result(double now)
    {
        Count(now);
        return (_integral / now, _left == 0 ? 0 : _waited / _left);
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_head <= _readyEnd && _readyEnd <= _tail, "Positions are reserved, filled and taken in this order.");
        Debug.Assert(_placed.Count <= _tail - _head && _promised >= 0, "Only reserved positions are filled, only promised room is used.");
    }

    private void Count(double now)
    {
        _integral += _placed.Count * (now - _since);
        _since = now;
    }
}
