using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>Tells other processes who waits here for permits of one semaphore. Only for people and for the wait-for graph.</summary>
/// <remarks>
/// A process takes the first free waiter file (a kernel lock, so it is free again after a crash) and writes up to 16 records into it. Locking rule: everything
/// under <see cref="_gate"/>.
/// </remarks>
internal sealed class WaiterFile(string directory) : IDisposable
{
    public const int Files = 64;
    public const int RecordsPerFile = 16;

    private readonly Lock _gate = new();
    private readonly List<ParticipantRecord> _waiting = []; // guarded by _gate
    private FileLock? _file; // guarded by _gate
    private int _slot = -1; // guarded by _gate

    /// <summary>Gets the number of this process's waiter file; -1 before the first wait, or when more than 64 processes wait.</summary>
    public int Slot
    {
        get
        {
            lock (_gate)
                return _slot;
        }
    }

    public void Add(ParticipantRecord waiter)
    {
        lock (_gate)
        {
            _waiting.Add(waiter);
            WriteUnsynchronized();
        }
    }

    public void Remove(ParticipantRecord waiter)
    {
        lock (_gate)
        {
            _waiting.Remove(waiter);
            WriteUnsynchronized();
        }
    }

    public static string PathOf(string directory, int file) => Path.Combine(directory, $"w{file:000}");

    public static IEnumerable<WaiterDescription> Read(string directory)
    {
        byte[] bytes = new byte[ParticipantRecord.Size * RecordsPerFile];
        for (int i = 0; i < Files; i++)
        {
            using FileLock? file = FileLock.OpenExisting(PathOf(directory, i));
            if (file is null)
                yield break; // they are used from the first on
            int read = RandomAccess.Read(file.Handle, bytes, 0);
            if (ParticipantRecord.Read(bytes.AsSpan(0, read)) is null || file.IsFree())
                continue; // empty, or left behind by a process that is gone
            for (int at = 0; at + ParticipantRecord.Size <= read; at += ParticipantRecord.Size)
            {
                if (ParticipantRecord.Read(bytes.AsSpan(at, ParticipantRecord.Size)) is { } record)
                    yield return record.ToWaiter();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _file?.Dispose();
    }

    private void WriteUnsynchronized()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        _file ??= ClaimUnsynchronized();
        if (_file is null || _file.Handle.IsClosed)
            return; // more than 64 processes wait: the rest waits unseen
        Span<byte> bytes = new byte[ParticipantRecord.Size * RecordsPerFile];
        int count = 0;
        foreach (ParticipantRecord waiter in _waiting.Take(RecordsPerFile))
            waiter.Write(bytes[(ParticipantRecord.Size * count++)..]);
        _file.Inscribe(bytes);
    }

    private FileLock? ClaimUnsynchronized()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        for (int i = 0; i < Files; i++)
        {
            FileLock file;
            try
            {
                file = new FileLock(PathOf(directory, i));
            }
            catch (IOException)
            {
                return null; // the disk has no room for another file: waits unseen
            }

            if (file.TryLock())
            {
                _slot = i;
                return file;
            }

            file.Dispose();
        }

        return null;
    }
}
