using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs;

/// <summary>Connections for reading, which in write-ahead mode never wait for writers. Thread-safe: each call takes a connection of its own.</summary>
internal sealed class SqliteReader(string path, TimeSpan busyTimeout) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _isClosed;

    public T Run<T>(Func<SqliteSession, T> body)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteJobStore));
        SqliteSession? session = null;
        try
        {
            if (!_idle.TryTake(out session))
                session = new SqliteSession(path, busyTimeout, readOnly: true);
            T result = body(session);
            _idle.Add(session);
            if (_isClosed)
                Dispose();
            return result;
        }
        catch (SqliteException error)
        {
            session?.Dispose();
            throw SqliteFailure.Translate(path, error);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out SqliteSession? session))
            session.Dispose();
    }
}
