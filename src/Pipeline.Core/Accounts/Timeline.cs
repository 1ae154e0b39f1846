namespace Pipeline.Core;

/// <summary>When which worker worked on which item. Guarded by the run's gate.</summary>
/// <remarks>Kept in blocks, because growing one list would copy it under the gate while every worker waits.</remarks>
internal sealed class Timeline
{
    private const int BlockSize = 512;
    private const int Most = 100_000;
    private readonly List<Row[]> _blocks = [];
    private int _count;

    public IEnumerable<Row> Rows => _blocks.SelectMany(block => block).Take(_count); // what was noted, in the order in which turns ended

    /// <summary>Notes a turn over items with consecutive numbers, which share its time evenly.</summary>
    public void Add(string stage, int worker, long sequence, int items, long start, long end)
    {
        for (int i = 0; i < items && _count < Most; i++, _count++)
        {
            if (_count % BlockSize == 0)
                _blocks.Add(new Row[BlockSize]);
            long from = start + ((end - start) * i / items);
            _blocks[^1][_count % BlockSize] = new Row(stage, worker, sequence + i, from, start + ((end - start) * (i + 1) / items));
        }
    }

    public readonly record struct Row(string Stage, int Worker, long Sequence, long Start, long End);
}
