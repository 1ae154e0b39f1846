using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>The line of all processes that wait for one semaphore: only the longest waiting looks for a free permit, so none is overtaken. Safety does not
/// depend on it.</summary>
/// <remarks>
/// The file <c>gate</c> has two words for each waiter file: the arrival (machine-wide monotonic time at which the wait began, 0 when no flow waits) and a count
/// of looks. An arrival whose count stands still belongs to a stopped or dead process: a dead one is told by the free lock of its waiter file after 10 ms, a
/// stopped one is passed over after a quarter of a second. A torn or lost word costs fairness for a moment, nothing else. Locking rule: used only by the head
/// of the in-process line of its semaphore, one at a time.
/// </remarks>
internal sealed class ProcessQueue(string directory) : IDisposable
{
    private const int EntryLength = 2 * sizeof(long);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_suspicion = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle _file = KernelLock.System.Open(Path.Combine(directory, "gate"), create: true);
    private readonly byte[] _entries = new byte[WaiterFile.Files * EntryLength];
    private readonly (long Arrival, long Looks, long SeenAt)[] _seen = new (long, long, long)[WaiterFile.Files];
    private long _looks;

    /// <summary>Tells whether another process waits.</summary>
    public bool OthersWait(int own) => Ahead(own, long.MaxValue) > 0;

    /// <summary>Shows the arrival, and tells how many wait longer.</summary>
    public int Look(int own, long arrival)
    {
        if (own >= 0)
            Write(own, arrival, ++_looks);
        return Ahead(own, arrival);
    }

    public void Leave(int own)
    {
        if (own >= 0 && !_file.IsClosed)
            Write(own, 0, 0);
    }

    public void Dispose() => _file.Dispose();

    private int Ahead(int own, long arrival)
    {
        int length = RandomAccess.Read(_file, _entries, 0);
        int ahead = 0;
        for (int slot = 0; (slot + 1) * EntryLength <= length; slot++)
        {
            long other = BinaryPrimitives.ReadInt64LittleEndian(_entries.AsSpan(slot * EntryLength));
            if (other == 0 || slot == own || (other, slot).CompareTo((arrival, own)) >= 0)
                continue;
            long looks = BinaryPrimitives.ReadInt64LittleEndian(_entries.AsSpan((slot * EntryLength) + sizeof(long)));
            long now = Stopwatch.GetTimestamp();
            if (_seen[slot].Arrival != other || _seen[slot].Looks != looks)
                _seen[slot] = (other, looks, now);
            TimeSpan still = Stopwatch.GetElapsedTime(_seen[slot].SeenAt, now);
            if (still < s_suspicion || (still < s_patience && IsAlive(slot)))
                ahead++;
        }

        return ahead;
    }

    /// <summary>Tells whether a process still owns a waiter file; takes back the arrival of a dead one.</summary>
    private bool IsAlive(int slot)
    {
        using FileLock? owner = FileLock.OpenExisting(WaiterFile.PathOf(directory, slot));
        if (owner is not null && !owner.TryLock())
            return true;
        Write(slot, 0, 0); // under its lock, so no new owner can be writing
        return false;
    }

    private void Write(int slot, long arrival, long looks)
    {
        Span<byte> entry = stackalloc byte[EntryLength];
        BinaryPrimitives.WriteInt64LittleEndian(entry, arrival);
        BinaryPrimitives.WriteInt64LittleEndian(entry[sizeof(long)..], looks);
        try
        {
            RandomAccess.Write(_file, entry, (long)slot * EntryLength);
        }
        catch (IOException)
        {
            // A full disk: others do not see this process in line, so it may be overtaken. Safety does not depend on the line.
        }
    }
}
