using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>Writes the records of an <see cref="AppendLog"/>: at once for those who wait for the acknowledgment, by a flusher for those who do not.</summary>
/// <remarks>
/// Locking rule: <see cref="_writing"/> guards the end of the file and every write to it; <see cref="_gate"/> guards what waits for the flusher, and is taken
/// last. Flushing to the disk happens outside both, by one flusher at a time: records that wait at the same time share one flush.
/// </remarks>
internal sealed class AppendLogWriter(
    string path, AppendLogOptions options, FileLock file, AppendLogFormat format, long end) : IAsyncDisposable
{
    private readonly Lock _writing = new();
    private readonly Lock _gate = new();
    private readonly List<byte> _batch = []; // guarded by _writing: the record of the caller that writes
    private long _end = end; // guarded by _writing
    private List<byte> _waiting = []; // guarded by _gate: records that the flusher is to write
    private List<byte> _taken = []; // guarded by _writing: the other one of two buffers
    private TaskCompletionSource? _nextFlush; // guarded by _gate: all who wait for the flush after the one under way
    private Task _flusher = Task.CompletedTask; // guarded by _gate
    private bool _isFlushing; // guarded by _gate
    private bool _isClosed; // guarded by _gate
    private Exception? _failure; // guarded by _gate; once set, no record is acknowledged
    private bool _isFailureTold; // guarded by _gate

    public string Path { get; } = path;

    public Exception? Failure
    {
        get
        {
            lock (_gate)
                return _failure;
        }
    }

    /// <summary>Opens and locks a file, or creates it.</summary>
    public static FileLock Lock(string path)
    {
        FileLock file = new(path);
        if (file.TryLock())
            return file;
        file.Dispose();
        throw new AppendLogException(path, AppendLogProblem.Held, 0,
            "Another writer has it open. Wait for it to end, or give another path.");
    }

    /// <summary>Begins a new log in a locked file.</summary>
    public static AppendLogWriter Begin(string path, AppendLogOptions options, FileLock file, AppendLogFormat format)
    {
        RandomAccess.Write(file.Handle, format.Header, 0);
        DurableFile.Flush(file.Handle, path);
        DurableFile.FlushName(path);
        return new AppendLogWriter(path, options, file, format, format.Header.Length);
    }

    public ValueTask AppendAsync(ReadOnlySpan<byte> record)
    {
        AppendLogFormat.CheckLength(record);
        SyncPoint.Before(SyncPointKind.Append, this);
        Task flushed;
        lock (_writing)
        {
            ThrowIfUnusable();
            WriteWaitingUnsynchronized(); // records stay in their order
            _batch.Clear();
            AppendLogFormat.Add(_batch, record);
            WriteUnsynchronized(_batch); // after a failure the next record is written over this one
            if (options.Durability == Durability.ProcessCrash)
                return ValueTask.CompletedTask;
            lock (_gate)
                flushed = FlushSoonUnsynchronized();
        }

        if (SyncPoint.IsControlled)
        {
            SyncPoint.Before(SyncPointKind.Flush, this);
            FlushLoop();
        }

        return new ValueTask(flushed);
    }

    public void Append(ReadOnlySpan<byte> record)
    {
        AppendLogFormat.CheckLength(record);
        lock (_gate)
        {
            if (_failure is not null)
                return; // told already
            AppendLogFormat.Add(_waiting, record);
            StartFlusherUnsynchronized();
            Debug.Assert(_isFlushing || SyncPoint.IsControlled, "a record that waits has a flusher");
        }

        if (SyncPoint.IsControlled)
            FlushLoop();
    }

    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_failure is not null)
                return Task.FromException(Failed(_failure));
            return _isFlushing || _waiting.Count > 0 ? FlushSoonUnsynchronized() : Task.CompletedTask;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task flusher;
        lock (_writing)
        {
            lock (_gate)
                (_isClosed, flusher) = (true, _flusher);
        }

        await flusher.ConfigureAwait(false);
        lock (_writing)
        {
            file.Unlock(); // explicitly: a program that is being started has a copy of the descriptor for a moment, and with it the lock
            file.Dispose();
        }
    }

    private IOException Failed(Exception cause) =>
        new($"'{Path}' could not be written before and takes no more records: {cause.Message} Open it again when the disk works.", cause);

    private void ThrowIfUnusable()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(AppendLog));
            if (_failure is not null)
                throw Failed(_failure);
        }
    }

    private void WriteUnsynchronized(List<byte> batch)
    {
        Debug.Assert(_writing.IsHeldByCurrentThread);
        RandomAccess.Write(file.Handle, format.Seal(batch, _end), _end);
        _end += batch.Count;
    }

    private void WriteWaitingUnsynchronized()
    {
        Debug.Assert(_writing.IsHeldByCurrentThread);
        lock (_gate)
            (_waiting, _taken) = (_taken, _waiting);
        try
        {
            if (_taken.Count > 0)
                WriteUnsynchronized(_taken);
        }
        catch (Exception error)
        {
            Fail(error); // no caller waits who could append them again
            throw;
        }
        finally
        {
            _taken.Clear();
        }
    }

    private Task FlushSoonUnsynchronized()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        _nextFlush ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StartFlusherUnsynchronized();
        return _nextFlush.Task;
    }

    private void StartFlusherUnsynchronized()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        if (_isFlushing || SyncPoint.IsControlled)
            return;
        _isFlushing = true;
        _flusher = Task.Run(FlushLoop);
    }

    private void FlushLoop()
    {
        while (true)
        {
            TaskCompletionSource? waiters;
            Exception? failure;
            bool tells;
            lock (_gate)
            {
                (waiters, _nextFlush) = (_nextFlush, null);
                if (waiters is null && _waiting.Count == 0 && (_failure is null || _isFailureTold))
                {
                    _isFlushing = false;
                    return;
                }

                failure = _failure;
            }

            // Once a flush has failed, it is not known what the disk has, so no later one may claim success.
            failure ??= Flush();
            if (failure is null)
            {
                waiters?.SetResult();
                continue;
            }

            waiters?.SetException(new IOException($"'{Path}' could not be flushed to the disk: {failure.Message}", failure));
            lock (_gate)
                (tells, _isFailureTold) = (!_isFailureTold, true);
            if (tells)
                options.OnFailure?.Invoke(failure);
        }
    }

    private Exception? Flush()
    {
        try
        {
            lock (_writing)
                WriteWaitingUnsynchronized();
            if (options.Durability == Durability.PowerLoss)
                DurableFile.Flush(file.Handle, Path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(error);
            return error;
        }
    }

    private void Fail(Exception error)
    {
        lock (_gate)
        {
            _failure ??= error;
            _waiting.Clear();
        }
    }
}
