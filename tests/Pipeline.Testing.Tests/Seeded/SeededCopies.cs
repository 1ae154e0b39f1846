using Pipeline.Sync;

namespace Pipeline.Testing.Tests.Seeded;

/// <summary>A copy of the license pool with a defect: the number of free licenses is a number in shared memory, so a death does not give a license
/// back.</summary>
internal sealed class ForgetfulPool(int capacity)
{
    private int _free = capacity; // one participant runs at a time

    public int Free => _free;

    public ValueTask AcquireAsync()
    {
        SyncPoint.Before(SyncPointKind.Acquire, this);
        while (_free == 0 && SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => _free > 0))
        {
        }

        _free--;
        return ValueTask.CompletedTask;
    }

    public void Release()
    {
        SyncPoint.Before(SyncPointKind.Release, this);
        _free++;
    }

    public override string ToString() => "pool";
}

/// <summary>A copy of the ledger with a defect: it charges before the photo is published, and each attempt has its own key.</summary>
internal sealed class EagerLedger
{
    private readonly List<string> _charges = [];
    private readonly HashSet<string> _published = [];

    public IReadOnlyList<string> ChargedPhotos => [.. _charges.Select(c => c.Split('#')[0])];

    public IReadOnlyCollection<string> Published => _published;

    public void Complete(string photo, int attempt)
    {
        SyncPoint.Before(SyncPointKind.Append, this);
        _charges.Add($"{photo}#{attempt}");
        SyncPoint.Before(SyncPointKind.Publish, this);
        _published.Add(photo);
    }

    public override string ToString() => "ledger";
}

/// <summary>A lock for the copies, with the protocol of sync points.</summary>
internal sealed class PlainLock(string name)
{
    public bool IsHeld { get; private set; }

    public bool TryEnter()
    {
        SyncPoint.Before(SyncPointKind.Acquire, this);
        if (IsHeld)
            return false;
        IsHeld = true;
        return true;
    }

    public void Enter()
    {
        while (!TryEnter())
            SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => !IsHeld);
    }

    public void Exit()
    {
        SyncPoint.Before(SyncPointKind.Release, this);
        IsHeld = false;
    }

    public override string ToString() => name;
}

/// <summary>A copy of the lock set with a defect: when a member is busy, it keeps the ones before it.</summary>
internal static class LeakyLockSet
{
    public static bool TryEnter(params PlainLock[] sorted) => Array.TrueForAll(sorted, l => l.TryEnter());

    public static void Exit(params PlainLock[] sorted)
    {
        foreach (PlainLock member in sorted.Reverse())
            member.Exit();
    }
}
