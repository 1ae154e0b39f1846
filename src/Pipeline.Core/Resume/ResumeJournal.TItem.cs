using System.Text;

namespace Pipeline.Core;

/// <summary>A resume journal for the items of one kind of source. Made by <see cref="ResumeJournal.Open"/>.</summary>
/// <typeparam name="T">The items of the source.</typeparam>
public sealed class ResumeJournal<T> : ResumeJournal
{
    private const int MaxKeyBytes = 65_535;
    private readonly Lock _gate = new();
    // Guarded by _gate: in which run; 0 for those that the file had
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal);
    private readonly Func<T, string> _key;
    private readonly AppendLog _log; // each record is the key of a finished item
    private readonly bool _passesOverDuplicates;
    private int _runs; // Interlocked only

    internal ResumeJournal(string path, Func<T, string> key, ResumeJournalOptions options)
    {
        Path = path;
        _key = key;
        _passesOverDuplicates = options.PassOverDuplicates;
        AppendLogOptions log = new()
        {
            Kind = "resume",
            Subject = Encoding.UTF8.GetBytes(options.Job),
            Durability = options.Durability,
            OnFailure = error => Failed?.Invoke(error),
        };
        try
        {
            _log = AppendLog.Open(path, log, finished => _finished[Encoding.UTF8.GetString(finished)] = 0);
        }
        catch (AppendLogException error)
        {
            throw Refused(error);
        }
    }

    /// <summary>Raised once, when a record cannot be written: no later one will be.</summary>
    internal event Action<Exception>? Failed;

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override long TornBytes => _log.Content.TornBytes;

    /// <inheritdoc/>
    public override long Count
    {
        get
        {
            lock (_gate)
                return _finished.Count;
        }
    }

    /// <summary>Says whether an item is finished.</summary>
    /// <param name="item">The item.</param>
    /// <returns>True when a run finished it.</returns>
    public bool Contains(T item)
    {
        string key = _key(item);
        lock (_gate)
            return _finished.ContainsKey(key);
    }

    /// <inheritdoc/>
    public override Task FlushAsync() => _log.FlushAsync();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _log.DisposeAsync();

    internal JournalRun<T> BeginRun(Action<Exception> failed)
    {
        if (_log.Failure is { } error)
        {
            throw new IOException(
                $"The journal '{Path}' could not be written in an earlier run, so this one could not be resumed. Dispose it, remove the " +
                    $"cause, and open it again. The cause was: {error.Message}",
                error);
        }

        return new JournalRun<T>(this, Interlocked.Increment(ref _runs), _passesOverDuplicates, failed);
    }

    internal string KeyOf(T item)
    {
        string key = _key(item);
        if (key is { Length: > 0 and <= MaxKeyBytes } && Encoding.UTF8.GetByteCount(key) <= MaxKeyBytes)
            return key;
        string seen = string.IsNullOrEmpty(key) ? key is null ? "null" : "empty" : $"{key.Length:N0} characters long";
        throw new InvalidOperationException(
            $"The key of an item for the journal '{Path}' is {seen}. A key must have 1 to {MaxKeyBytes:N0} bytes of UTF-8. Use a hash " +
                "of a longer one.");
    }

    /// <summary>Finds the run that finished an item; 0 for an earlier process, -1 when it is not finished.</summary>
    internal int RunThatFinished(string key)
    {
        lock (_gate)
            return _finished.GetValueOrDefault(key, -1);
    }

    internal void Finish(string key, int run)
    {
        lock (_gate)
            _finished[key] = run;
        Span<byte> record = key.Length <= 256 ? stackalloc byte[3 * 256] : new byte[Encoding.UTF8.GetByteCount(key)];
        _log.Append(record[..Encoding.UTF8.GetBytes(key, record)]);
    }

    private static IOException Refused(AppendLogException error) => error.Problem switch
    {
        AppendLogProblem.Held => new IOException(
            $"The journal '{error.Path}' is held by another process, or open in this one already. Wait until it is free, or give " +
            "another path.", error),
        AppendLogProblem.OtherKind => new ResumeJournalException(
            error.Path, "It is something else: it does not begin like a journal. Give another path."),
        AppendLogProblem.OtherSubject => new ResumeJournalException(
            error.Path,
            "It belongs to another job: it was written with another ResumeJournalOptions.Job, or its header is damaged. Give another " +
                "path, or delete it to process all items again."),
        _ => new ResumeJournalException(error.Path, $"{error.Message} Or delete it to process all items again."),
    };
}
