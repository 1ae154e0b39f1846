namespace Pipeline.Core.Internal;

/// <summary>What the profiler keeps of a node's turns: busy times of items, and totals of workers.</summary>
/// <remarks>
/// Locking rule: guarded by the run's gate. Of many items, those whose number is divisible by a stride are kept and the stride
/// doubles when there are too many, so that the kept ones stay evenly spread and belong to the same items in every stage.
/// </remarks>
internal sealed class StageObservations
{
    internal const int MaxItems = 4096;
    private readonly List<(long Sequence, long Busy)> _items = [];
    private readonly List<(long Items, long Busy)> _workers = [];
    private long _stride = 1;

    internal IReadOnlyList<(long Items, long Busy)> Workers => _workers;

    /// <summary>Notes a turn over items with consecutive numbers, which share its busy time evenly.</summary>
    internal void Record(int worker, long firstSequence, int items, long busy)
    {
        while (_workers.Count <= worker)
            _workers.Add(default);
        _workers[worker] = (_workers[worker].Items + items, _workers[worker].Busy + busy);
        long sequence = (firstSequence + _stride - 1) / _stride * _stride;
        while (sequence < firstSequence + items)
        {
            if (_items.Count == MaxItems)
            {
                _stride *= 2;
                _items.RemoveAll(item => item.Sequence % _stride != 0);
            }

            if (sequence % _stride == 0)
                _items.Add((sequence, busy / items));
            sequence = ((sequence / _stride) + 1) * _stride;
        }
    }

    internal IEnumerable<long> BusyBySequence() => _items.OrderBy(item => item.Sequence).Select(item => item.Busy);
}
