namespace Pipeline.Sync;

/// <summary>The journal of this process: an append-only file that it owns by a kernel lock. Charges made at the same time share one flush.</summary>
/// <remarks>
/// <para>Lock file <c>jNNN.lock</c> beside <c>jNNN.jnl</c>. The next owner continues a dead process's journal after cutting off a record that was torn by the crash.</para>
/// <para>Locking rule: <see cref="_gate"/> guards the next sequence number, the list of those who wait for a flush, and the writing of records (one
/// <c>pwrite</c> each, so the order of records is the order of numbers). Flushing happens outside it, by one flusher at a time.</para>
/// </remarks>
internal sealed class Journal : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly FileLock _owner;
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;
    private readonly byte[] _record = new byte[JournalFormat.RecordLength]; // guarded by _gate
    private readonly string _path;
    private List<TaskCompletionSource> _unflushed = []; // guarded by _gate
    private Task _flusher = Task.CompletedTask; // guarded by _gate
    private bool _flushing; // guarded by _gate
    private long _next; // guarded by _gate
    private Exception? _failure; // guarded by _gate; once set, nothing more is written
    private bool _closed; // guarded by _gate

    private Journal(string path, FileLock owner, Guid id, long next)
    {
        _path = path;
        _owner = owner;
        Id = id;
        _next = next;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    public Guid Id { get; }

    public static string PathOf(string directory, int number) => Path.Combine(directory, $"j{number:000}.jnl");

    /// <summary>Takes over the first journal that no live process owns, or begins a new one.</summary>
    /// <param name="directory">Where the journals are.</param>
    /// <param name="maxProcesses">How many there may be.</param>
    /// <param name="consumed">How many records of each journal the store has taken in.</param>
    public static Journal Claim(string directory, int maxProcesses, IReadOnlyDictionary<Guid, long> consumed)
    {
        for (int number = 0; number < maxProcesses; number++)
        {
            FileLock owner = new FileLock(Path.Combine(directory, $"j{number:000}.lock"));
            try
            {
                if (owner.TryLock() && Adopt(PathOf(directory, number), owner, consumed) is { } journal)
                    return journal;
            }
            catch
            {
                owner.Dispose();
                throw;
            }

            owner.Dispose();
        }

        throw new IOException($"All {maxProcesses} journals in '{directory}' are in use by live processes or damaged. Close one, or raise BillingLedgerOptions.MaxProcesses.");
    }

    /// <summary>Appends a record; the task ends when it is as durable as asked.</summary>
    public ValueTask AppendAsync(JournalEntry entry, Durability durability)
    {
        SyncPoint.Before(SyncPointKind.Append, this);
        TaskCompletionSource? flushed = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(BillingLedger));
            if (_failure is not null)
                throw new IOException($"Journal '{_path}' failed before and takes no more charges: {_failure.Message} Open the ledger again when the disk works.", _failure);
            JournalFormat.Write(_record, Id, _next, entry);
            RandomAccess.Write(_file, _record, JournalReader.OffsetOf(_next)); // a partial write is overwritten by the next record, which gets the same number
            _next++;
            if (durability == Durability.PowerLoss)
            {
                flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _unflushed.Add(flushed);
                if (!_flushing && !SyncPoint.IsControlled)
                {
                    _flushing = true;
                    _flusher = Task.Run(FlushLoop);
                }
            }
        }

        if (flushed is null)
            return ValueTask.CompletedTask;
        if (SyncPoint.IsControlled)
        {
            SyncPoint.Before(SyncPointKind.Flush, this);
            FlushLoop();
        }

        return new ValueTask(flushed.Task);
    }

    public async ValueTask DisposeAsync()
    {
        Task flusher;
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            flusher = _flusher;
        }

        await flusher.ConfigureAwait(false);
        _file.Dispose();
        _owner.Dispose();
    }

    private static Journal? Adopt(string path, FileLock owner, IReadOnlyDictionary<Guid, long> consumed)
    {
        if (!File.Exists(path))
            AtomicFile.TryCreate(path, 0, JournalFormat.NewHeader(Guid.NewGuid()));
        if (JournalReader.Open(path) is not { } reader)
            return null; // not a journal: leave it alone; verification names it
        long next = reader.ReadFrom(0).Count;
        if (next < consumed.GetValueOrDefault(reader.Id))
            return null; // it lost records that the store has: new ones in their places would count as taken in already; verification names it
        if (reader.HasRecordsAfter(next))
            return null; // damaged in the middle: cutting here would lose charges; verification names it
        Journal journal = new Journal(path, owner, reader.Id, next);
        if (reader.Length > JournalReader.OffsetOf(next))
            RandomAccess.SetLength(journal._file, JournalReader.OffsetOf(next)); // the torn record was never acknowledged
        return journal;
    }

    private void FlushLoop()
    {
        while (true)
        {
            List<TaskCompletionSource> batch;
            lock (_gate)
            {
                batch = _unflushed;
                if (batch.Count == 0)
                {
                    _flushing = false;
                    return;
                }

                _unflushed = [];
            }

            Exception? failure = null;
            try
            {
                RandomAccess.FlushToDisk(_file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                failure = error; // after a failed flush nobody knows what the disk has; no later flush may claim success
                lock (_gate)
                    _failure = error;
            }

            foreach (TaskCompletionSource waiter in batch)
            {
                if (failure is null)
                    waiter.SetResult();
                else
                    waiter.SetException(new IOException($"Journal '{_path}' could not be flushed to the disk: {failure.Message}", failure));
            }
        }
    }
}
