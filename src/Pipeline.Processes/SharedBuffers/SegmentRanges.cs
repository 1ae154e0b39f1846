using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>Hands out ranges of an arena, first fit, and joins neighbors that come back. Guarded by the pool's lock.</summary>
internal sealed class SegmentRanges
{
    private readonly List<(long Start, long Bytes)> _free; // by start, never adjacent

    public SegmentRanges(long bytes) => _free = [(0, bytes)];

    /// <summary>Takes a range.</summary>
    /// <returns>Its start; -1 when none is long enough.</returns>
    public long Take(long bytes)
    {
        int index = _free.FindIndex(range => range.Bytes >= bytes);
        if (index < 0)
            return -1;
        (long start, long length) = _free[index];
        if (length == bytes)
            _free.RemoveAt(index);
        else
            _free[index] = (start + bytes, length - bytes);
        AssertInvariants();
        return start;
    }

    public void GiveBack(long start, long bytes)
    {
        int index = _free.FindIndex(range => range.Start > start);
        if (index < 0)
            index = _free.Count;
        _free.Insert(index, (start, bytes));
        Join(index);
        Join(index - 1);
        AssertInvariants();
    }

    /// <summary>Free ranges are in order, not empty, and never touch.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        for (int i = 0; i < _free.Count; i++)
            Debug.Assert(
                _free[i].Bytes > 0 && (i == 0 || _free[i - 1].Start + _free[i - 1].Bytes < _free[i].Start),
                "Free ranges touch or overlap.");
    }

    private void Join(int index)
    {
        if (index < 0 || index + 1 >= _free.Count)
            return;
        (long start, long bytes) = _free[index];
        (long next, long more) = _free[index + 1];
        if (start + bytes != next)
            return;
        _free[index] = (start, bytes + more);
        _free.RemoveAt(index + 1);
    }
}
