using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>The permit files of one open semaphore. Holding permit i is holding the kernel lock on file i; nothing else counts.</summary>
/// <remarks>
/// Locking rule: everything under <see cref="_gate"/>; no call in here waits. Permits belong to this object's open files, so another object in the same process
/// is a stranger like any other process.
/// </remarks>
internal sealed class PermitSlots : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileLock[] _slots; // guarded by _gate
    private readonly byte[] _record = new byte[ParticipantRecord.Size]; // guarded by _gate
    private bool _disposed; // guarded by _gate

    public PermitSlots(string directory, int capacity)
    {
        _slots = new FileLock[capacity];
        for (int i = 0; i < capacity; i++)
            _slots[i] = new FileLock(PathOf(directory, i));
    }

    public static string PathOf(string directory, int slot) => Path.Combine(directory, $"s{slot:000}");

    /// <summary>Takes free permits until the list has the wanted number. What it got stays in the list, also when it is not enough.</summary>
    public bool TryTake(List<int> taken, int wanted, ParticipantRecord holder)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int start = _slots.Length == 1 ? 0 : Random.Shared.Next(_slots.Length);
            for (int i = 0; i < _slots.Length && taken.Count < wanted; i++)
            {
                int slot = wanted > 1 ? i : (start + i) % _slots.Length; // several are taken in ascending order
                if (!_slots[slot].TryLock())
                    continue;
                taken.Add(slot);
                holder.Write(_record);
                _slots[slot].Inscribe(_record);
            }

            taken.Sort();
            AssertInvariants(taken);
            return taken.Count >= wanted;
        }
    }

    /// <summary>Gives permits back. Harmless after the files were closed: the kernel has done it then.</summary>
    public void Return(IReadOnlyList<int> taken)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _record.AsSpan().Clear();
            foreach (int slot in taken)
            {
                if (!_slots[slot].IsHeld)
                    continue;
                _slots[slot].Inscribe(_record.AsSpan(0, 8)); // no reader may see the old holder once the lock is free
                _slots[slot].Unlock();
            }
        }
    }

    /// <summary>Tells whether enough permits are free at this moment, without keeping any.</summary>
    public bool HasFree(int wanted)
    {
        lock (_gate)
        {
            if (_disposed)
                return true;
            int free = 0;
            foreach (FileLock slot in _slots)
                free += slot.IsFree() ? 1 : 0;
            return free >= wanted;
        }
    }

    /// <summary>Reads what holders of all processes wrote. The lock of a free permit is taken for a microsecond, for only the kernel knows that it is
    /// free.</summary>
    public static PermitDescription[] Describe(string name, string directory, int capacity)
    {
        PermitDescription[] permits = new PermitDescription[capacity];
        byte[] bytes = new byte[ParticipantRecord.Size];
        using FileLock? gate = ObserverLock.Enter(directory);
        for (int i = 0; i < capacity; i++)
        {
            using FileLock? file = FileLock.OpenExisting(PathOf(directory, i));
            bool held = file is not null && !file.IsFree();
            int read = held ? RandomAccess.Read(file!.Handle, bytes, 0) : 0;
            permits[i] = new PermitDescription(i, held, ParticipantRecord.Read(bytes.AsSpan(0, read))?.ToHolder($"{name}/{i}"));
        }

        return permits;
    }

    /// <summary>Checks that a caller has each permit once, and that the kernel lock of each is held.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants(List<int> taken)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        for (int i = 0; i < taken.Count; i++)
            Debug.Assert(_slots[taken[i]].IsHeld && (i == 0 || taken[i - 1] < taken[i]), "each permit is held once");
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (FileLock slot in _slots)
                slot.Dispose();
        }
    }
}
