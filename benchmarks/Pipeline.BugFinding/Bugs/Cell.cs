using Pipeline.Sync;

namespace Pipeline.BugFinding.Bugs;

/// <summary>A shared variable: plain volatile memory on free threads, a sync point before each access under the explorer.</summary>
internal sealed class Cell(int initial = 0)
{
    private int _value = initial;

    public int Value
    {
        get
        {
            SyncPoint.Before(SyncPointKind.Read, this);
            return Volatile.Read(ref _value);
        }

        set
        {
            SyncPoint.Before(SyncPointKind.Write, this);
            Volatile.Write(ref _value, value);
        }
    }

    public int Peek => Volatile.Read(ref _value);
}
