using System.Buffers;

namespace Pipeline.Core;

/// <summary>The file of a resume journal: read once, then only appended to.</summary>
/// <remarks>
/// Locking rule: <see cref="_gate"/> guards what waits to be written. The file is written by one task at a time, outside the gate: the first
/// record that finds nothing under way starts it, and it goes on until nothing waits. So a record waits for at most one write before its own.
/// </remarks>
internal sealed class JournalFile : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file; // written by the flush under way
    private readonly bool _flushesToDisk;
    private ArrayBufferWriter<byte> _waiting = new(); // guarded by _gate
    private ArrayBufferWriter<byte> _writing = new(); // of the flush under way
    private Task _flush = Task.CompletedTask; // guarded by _gate
    private bool _isFlushing; // guarded by _gate
    private Exception? _error; // guarded by _gate: a write failed with it, so nothing may follow

    private JournalFile(FileStream file, bool flushesToDisk, long tornBytes)
    {
        _file = file;
        _flushesToDisk = flushesToDisk;
        TornBytes = tornBytes;
    }

    /// <summary>Raised by the flush when a record cannot be written.</summary>
    public event Action<Exception>? Failed;

    public long TornBytes { get; }

    /// <summary>Gets why a record could not be written; null while all could.</summary>
    public Exception? Error
    {
        get
        {
            lock (_gate)
                return _error;
        }
    }

    public static JournalFile Open(string path, string job, Durability durability, Action<string> found)
    {
        // FileShare.None is a kernel lock on Linux too, and ends with the process however it dies.
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            long complete = JournalFormat.Read(new BufferedStream(file, 1 << 16), path, job, found);
            long torn = file.Length - complete;
            if (torn > 0)
                file.SetLength(complete);
            file.Position = complete;
            if (complete == 0)
                file.Write(JournalFormat.Header(job));
            file.Flush(flushToDisk: true);
            return new JournalFile(file, durability == Durability.PowerLoss, torn);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record. It is written soon, by another thread.</summary>
    public void Append(string key)
    {
        lock (_gate)
        {
            if (_error is not null)
                return; // the runs were told and stop
            JournalFormat.Write(_waiting, key);
            if (_isFlushing)
                return;
            _isFlushing = true;
            _flush = Task.Run(Flush);
        }
    }

    public Task FlushAsync()
    {
        lock (_gate)
            return _flush;
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private void Flush()
    {
        try
        {
            while (TryTakeWaiting())
            {
                _file.Write(_writing.WrittenSpan);
                _file.Flush(_flushesToDisk);
                _writing.ResetWrittenCount();
            }
        }
        catch (Exception error)
        {
            lock (_gate)
                (_error, _isFlushing) = (error, false);
            Failed?.Invoke(error);
            throw;
        }
    }

    private bool TryTakeWaiting()
    {
        lock (_gate)
        {
            if (_waiting.WrittenCount == 0)
                return _isFlushing = false;
            (_waiting, _writing) = (_writing, _waiting);
            return true;
        }
    }
}
