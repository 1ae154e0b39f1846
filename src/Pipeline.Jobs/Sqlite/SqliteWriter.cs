using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs;

/// <summary>
/// All writes of this process go through one queue and one connection, many in a transaction: SQLite has one writer, and one flush to the disk then serves
/// all that were waiting. A write is answered only after the commit that holds it.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    // Locking rule: _session is used by the loop alone. Everything else is the channel.
    private const int MaxBatch = 128;

    private readonly string _path;
    private readonly TimeSpan _busyTimeout;
    private readonly Action _onCommit;
    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly Task _loop;
    private SqliteSession? _session;

    public SqliteWriter(string path, TimeSpan busyTimeout, SqliteSession session, Action onCommit)
    {
        _path = path;
        _busyTimeout = busyTimeout;
        _session = session;
        _onCommit = onCommit;
        _loop = Task.Factory.StartNew(LoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Runs a write in the next transaction. A token that is canceled before it starts prevents it; after that the outcome is awaited, so none is lost.</summary>
    public async ValueTask<T> RunAsync<T>(Func<SqliteSession, T> body, CancellationToken cancellationToken)
    {
        Write<T> write = new(body, cancellationToken);
        try
        {
            await _writes.Writer.WriteAsync(write, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The job store is closed.", error);
        }

        return await write.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _session?.Dispose();
    }

    private async Task LoopAsync()
    {
        List<Write> batch = new(MaxBatch);
        while (await _writes.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _writes.Reader.TryRead(out Write? write))
            {
                if (!write.TryCancel())
                    batch.Add(write);
            }

            if (batch.Count > 0)
                RunBatch(batch);
        }
    }

    private void RunBatch(List<Write> batch)
    {
        try
        {
            _session ??= new SqliteSession(_path, _busyTimeout, readOnly: false);
            _session.Execute("BEGIN IMMEDIATE");
            foreach (Write write in batch)
                RunOne(_session, write);
            _session.Execute("COMMIT");
        }
        catch (Exception error)
        {
            // The transaction is gone as a whole: nobody is told that anything was stored.
            Abandon();
            Exception told = error is SqliteException sqlite ? SqliteFailure.Translate(_path, sqlite) : error;
            foreach (Write write in batch)
                write.Fail(told);
            return;
        }

        foreach (Write write in batch)
            write.Tell();
        _onCommit();
    }

    // A write that is refused for its own sake must not take its neighbors with it; one that fails because of the disk does.
    private static void RunOne(SqliteSession session, Write write)
    {
        session.Execute("SAVEPOINT one");
        try
        {
            write.Run(session);
        }
        catch (Exception error) when (error is not SqliteException)
        {
            session.Execute("ROLLBACK TO one");
            write.Error = error;
        }

        session.Execute("RELEASE one");
    }

    private void Abandon()
    {
        try
        {
            if (_session is { IsInTransaction: true })
                _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            _session!.Dispose(); // a connection that cannot roll back is of no use; the next write opens another
            _session = null;
        }
    }

    private abstract class Write(CancellationToken cancellationToken)
    {
        public Exception? Error { get; set; }

        public abstract void Run(SqliteSession session);

        public abstract void Tell();

        public abstract void Fail(Exception error);

        public bool TryCancel()
        {
            if (!cancellationToken.IsCancellationRequested)
                return false;
            Fail(new OperationCanceledException(cancellationToken));
            return true;
        }
    }

    private sealed class Write<T>(Func<SqliteSession, T> body, CancellationToken cancellationToken) : Write(cancellationToken)
    {
        private readonly TaskCompletionSource<T> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _told.Task;

        public override void Run(SqliteSession session) => _result = body(session);

        public override void Tell()
        {
            if (Error is { } error)
                _told.TrySetException(error);
            else
                _told.TrySetResult(_result!);
        }

        public override void Fail(Exception error) => _told.TrySetException(error);
    }
}
