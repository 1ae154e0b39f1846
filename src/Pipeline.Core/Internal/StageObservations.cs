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
    private readonly List<WorkerSum> _workers = [];
    private long _mask; // stride less one; strides are powers of two

    internal IEnumerable<(long Items, long Busy)> Workers => _workers.Select(w => (w.Items, w.Busy));

    /// <summary>Notes a turn over items with consecutive numbers, which share its busy time evenly.</summary>
    internal void Record(int worker, long firstSequence, int items, long busy)
    {
        while (_workers.Count <= worker)
            _workers.Add(new WorkerSum());
        WorkerSum sum = _workers[worker];
        sum.Items += items;
        sum.Busy += busy;
        long sequence = (firstSequence + _mask) & ~_mask;
        if (sequence >= firstSequence + items)
            return;
        long each = items == 1 ? busy : busy / items;
        for (; sequence < firstSequence + items; sequence = (sequence + 1 + _mask) & ~_mask)
        {
            if (_items.Count == MaxItems)
            {
                _mask = (2 * _mask) + 1;
                _items.RemoveAll(item => (item.Sequence & _mask) != 0);
            }

            if ((sequence & _mask) == 0)
                _items.Add((sequence, each));
        }
    }

    internal IEnumerable<long> BusyBySequence() => _items.OrderBy(item => item.Sequence).Select(item => item.Busy);

    private sealed class WorkerSum
    {
        public long Items { get; set; }

        public long Busy { get; set; }
    }
}
