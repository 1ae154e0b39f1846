using System.Buffers;
using System.Numerics;

namespace Pipeline.Core;

/// <summary>What the profiler keeps of a node's turns: busy times of items, and totals of workers.</summary>
/// <remarks>Locking rule: guarded by the run's gate. Of many items, those whose number is divisible by a stride are kept and the stride doubles when there are
/// too many, so that the kept ones stay evenly spread and belong to the same items in every stage. A stage that never sees such numbers (behind a filter or a
/// route) keeps another remainder. Parts share the number of their item; where numbers repeat, every second turn is left out instead. They lie in rented
/// arrays, so that a process that runs one pipeline after the other allocates nothing for them.</remarks>
internal sealed class StageObservations
{
    public const int MaxItems = 4096;
    private readonly List<WorkerSum> _workers = [];
    private long[] _sequences = [];
    private long[] _busy = [];
    private int _count;
    private bool _isSorted = true;
    private long _mask; // stride less one; strides are powers of two
    private long _remainder; // of the kept numbers
    private long _turns; // noted so far
    private long _turnMask; // turns are kept whose number has none of these bits

    public IEnumerable<(long Items, long Busy)> Workers => _workers.Select(w => (w.Items, w.Busy));

    /// <summary>Notes a turn over items with consecutive numbers, which share its busy time evenly.</summary>
    public void Record(int worker, long firstSequence, int items, long busy)
    {
        while (_workers.Count <= worker)
            _workers.Add(new WorkerSum());
        WorkerSum sum = _workers[worker];
        sum.Items += items;
        sum.Busy += busy;
        long sequence = FirstKept(firstSequence);
        if (sequence >= firstSequence + items || (_turns++ & _turnMask) != 0)
            return;
        long each = items == 1 ? busy : busy / items;
        for (; sequence < firstSequence + items; sequence = FirstKept(sequence + 1))
        {
            if (_count == MaxItems)
                Thin();
            if ((sequence & _mask) == _remainder)
                Add(sequence, each);
        }
    }

    /// <summary>Gets the busy times by rising source number, in time stamps times a factor, and gives the memory back.</summary>
    public double[] TakeBusyBySequence(double factor)
    {
        Sort();
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

    /// <summary>Finds the first number from a given one on that is kept.</summary>
    private long FirstKept(long sequence) => sequence + ((_remainder - sequence) & _mask);

    private void Sort()
    {
        if (_isSorted)
            return;
        _isSorted = true;
        long least = long.MaxValue;
        long most = 0;
        foreach (long sequence in _sequences.AsSpan(0, _count))
        {
            least = Math.Min(least, sequence);
            most = Math.Max(most, sequence);
        }

        if (PlaceOf(most - least) < 2 * MaxItems)
            SortByCounting(least);
        else
            Array.Sort(_sequences, _busy, 0, _count);
    }

    /// <summary>Sorts numbers that lie close together, as they do as a rule: several times as fast as comparing them.</summary>
    private void SortByCounting(long least)
    {
        Span<int> next = stackalloc int[2 * MaxItems]; // how often each number is there, then where its next one goes
        next.Clear();
        foreach (long sequence in _sequences.AsSpan(0, _count))
            next[(int)PlaceOf(sequence - least)]++;
        int before = 0;
        foreach (ref int place in next)
            (place, before) = (before, before + place);
        long[] sequences = ArrayPool<long>.Shared.Rent(_count);
        long[] busy = ArrayPool<long>.Shared.Rent(_count);
        for (int i = 0; i < _count; i++)
        {
            int place = next[(int)PlaceOf(_sequences[i] - least)]++;
            sequences[place] = _sequences[i];
            busy[place] = _busy[i];
        }

        ArrayPool<long>.Shared.Return(_sequences);
        ArrayPool<long>.Shared.Return(_busy);
        _sequences = sequences;
        _busy = busy;
    }

    /// <summary>Counts the kept numbers between two that are so far apart.</summary>
    private long PlaceOf(long distance) => distance >> BitOperations.PopCount((ulong)_mask);

    /// <summary>Makes room. The run waits meanwhile, so it sorts only when it must.</summary>
    private void Thin()
    {
        if (!MoreThanHalfDiffer())
        {
            Sort();
            _turnMask = (2 * _turnMask) + 1;
            KeepEverySecond();
            return;
        }

        // More than half of the numbers differ, so the loop ends.
        do
        {
            long bit = _mask + 1;
            int without = 0;
            foreach (long sequence in _sequences.AsSpan(0, _count))
                without += (sequence & bit) == 0 ? 1 : 0;
            if (4 * without < _count)
                _remainder |= bit;
            _mask |= bit;
            KeepRemainder();
        }
        while (_count > MaxItems * 3 / 4);
    }

    private bool MoreThanHalfDiffer()
    {
        // Numbers that lie close together, as they do as a rule, have a bit each. Only when too many share one must they be compared.
        Span<ulong> seen = stackalloc ulong[2 * MaxItems / 64];
        seen.Clear();
        int numbers = 0;
        foreach (long sequence in _sequences.AsSpan(0, _count))
        {
            int place = (int)PlaceOf(sequence) & ((2 * MaxItems) - 1);
            ulong bit = 1UL << place;
            numbers += (seen[place / 64] & bit) == 0 ? 1 : 0;
            seen[place / 64] |= bit;
        }

        if (numbers > _count / 2)
            return true;
        Sort();
        numbers = 1;
        for (int i = 1; i < _count; i++)
            numbers += _sequences[i] == _sequences[i - 1] ? 0 : 1;
        return numbers > _count / 2;
    }

    private void KeepRemainder()
    {
        long[] sequences = _sequences;
        long[] busy = _busy;
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if ((sequences[i] & _mask) != _remainder)
                continue;
            sequences[kept] = sequences[i];
            busy[kept++] = busy[i];
        }

        _count = kept;
    }

    private void KeepEverySecond()
    {
        int kept = 0;
        for (int i = 0; i < _count; i += 2, kept++)
            (_sequences[kept], _busy[kept]) = (_sequences[i], _busy[i]);
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
