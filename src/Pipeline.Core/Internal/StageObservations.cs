using System.Buffers;

namespace Pipeline.Core.Internal;

/// <summary>What the profiler keeps of a node's turns: busy times of items, and totals of workers.</summary>
/// <remarks>
/// Locking rule: guarded by the run's gate. Of many items, those whose number is divisible by a stride are kept and the stride
/// doubles when there are too many, so that the kept ones stay evenly spread and belong to the same items in every stage. They lie in
/// rented arrays, so that a process that runs one pipeline after the other allocates nothing for them.
/// </remarks>
internal sealed class StageObservations
{
    internal const int MaxItems = 4096;
    private readonly List<WorkerSum> _workers = [];
    private long[] _sequences = [];
    private long[] _busy = [];
    private int _count;
    private bool _isSorted = true;
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
            if (_count == MaxItems)
                KeepEverySecond();
            if ((sequence & _mask) == 0)
                Add(sequence, each);
        }
    }

    /// <summary>Gets the busy times by rising source number, in time stamps times a factor, and gives the memory back.</summary>
    internal double[] TakeBusyBySequence(double factor)
    {
        if (!_isSorted)
            Array.Sort(_sequences, _busy, 0, _count);
        double[] times = new double[_count];
        for (int i = 0; i < times.Length; i++)
            times[i] = _busy[i] * factor;
        Resize(0);
        return times;
    }

    private void Add(long sequence, long busy)
    {
        if (_count == _sequences.Length)
            Resize(Math.Max(64, _count * 2));
        _isSorted &= _count == 0 || _sequences[_count - 1] < sequence;
        _sequences[_count] = sequence;
        _busy[_count++] = busy;
    }

    private void KeepEverySecond()
    {
        _mask = (2 * _mask) + 1;
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if ((_sequences[i] & _mask) != 0)
                continue;
            _sequences[kept] = _sequences[i];
            _busy[kept++] = _busy[i];
        }

        _count = kept;
    }

    private void Resize(int size)
    {
        _count = Math.Min(_count, size);
        _sequences = Resize(_sequences, size);
        _busy = Resize(_busy, size);
    }

    private long[] Resize(long[] from, int size)
    {
        long[] to = size == 0 ? [] : ArrayPool<long>.Shared.Rent(size);
        from.AsSpan(0, _count).CopyTo(to);
        if (from.Length > 0)
            ArrayPool<long>.Shared.Return(from);
        return to;
    }

    private sealed class WorkerSum
    {
        public long Items { get; set; }

        public long Busy { get; set; }
    }
}
