namespace Pipeline.Core;

/// <summary>A resume journal for the items of one kind of source. Made by <see cref="ResumeJournal.Open"/>.</summary>
/// <typeparam name="T">The items of the source.</typeparam>
public sealed class ResumeJournal<T> : ResumeJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal); // guarded by _gate: in which run; 0 for those that the file had
    private readonly Func<T, string> _key;
    private readonly JournalFile _file;
    private readonly bool _passesOverDuplicates;
    private int _runs; // Interlocked only

    internal ResumeJournal(string path, Func<T, string> key, ResumeJournalOptions options)
    {
        Path = path;
        _key = key;
        _passesOverDuplicates = options.PassOverDuplicates;
        _file = JournalFile.Open(path, options.Job, options.Durability, finished => _finished[finished] = 0);
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override long TornBytes => _file.TornBytes;

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
    public override Task FlushAsync() => _file.FlushAsync();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _file.DisposeAsync();

    internal JournalRun<T> BeginRun(Action<Exception> failed) => _file.Error is { } error
        ? throw new IOException($"The journal '{Path}' could not be written in an earlier run, so this one could not be resumed. Dispose it, remove the cause, and open it again. The cause was: {error.Message}", error)
        : new(this, Interlocked.Increment(ref _runs), _passesOverDuplicates, _file, failed);

    internal string KeyOf(T item)
    {
        string key = _key(item);
        return JournalFormat.IsKey(key)
            ? key
            : throw new InvalidOperationException($"The key of an item for the journal '{Path}' is {(key is null ? "null" : key.Length == 0 ? "empty" : $"{key.Length:N0} characters long")}. A key must have 1 to {JournalFormat.MaxKeyBytes:N0} bytes of UTF-8. Use a hash of a longer one.");
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
        _file.Append(key);
    }
}
