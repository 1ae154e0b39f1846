namespace Pipeline.Core;

/// <summary>Remembers across runs which items are finished, so that a later run passes them over. See <see cref="RunOptions.Journal"/>.</summary>
/// <remarks>Thread-safe. One process at a time holds the file; several runs of that process, one after the other or at once, may use the same
/// journal.</remarks>
public abstract class ResumeJournal : IAsyncDisposable
{
    private const int MaxJobLength = 1000;

    private protected ResumeJournal()
    {
    }

    /// <summary>Gets the file.</summary>
    public abstract string Path { get; }

    /// <summary>Gets how many items are known to be finished.</summary>
    public abstract long Count { get; }

    /// <summary>Gets how many bytes of an unfinished record were cut off when the journal was opened.</summary>
    /// <value>Bytes; 0 unless the last run was killed while it wrote.</value>
    public abstract long TornBytes { get; }

    /// <summary>Opens a journal, or creates it, and locks it against other processes.</summary>
    /// <typeparam name="T">The items of the source.</typeparam>
    /// <param name="path">The file. Its folder exists.</param>
    /// <param name="key">Names an item: 1 to 65,535 bytes of UTF-8, the same in every run, different for different items. Called once per item by the thread
    /// that reads the source; an exception of it stops the run.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The journal. Dispose it after the run.</returns>
    /// <remarks>All keys are held in memory: about 100 bytes and two per character for each finished item.</remarks>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <exception cref="ResumeJournalException">The file is no journal, of another job, of a later version, or damaged before its end.</exception>
    /// <exception cref="IOException">The file cannot be opened, or another process holds it.</exception>
    public static ResumeJournal<T> Open<T>(string path, Func<T, string> key, ResumeJournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(key);
        options ??= new ResumeJournalOptions();
        if (options.Job is not { Length: <= MaxJobLength })
        {
            throw new ArgumentException($"The journal '{path}' was given a job of {options.Job?.Length} characters. Job must have 0 to " +
                $"{MaxJobLength:N0}. Use a hash of the parameters.", nameof(options));
        }

        if (!Enum.IsDefined(options.Durability))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Durability,
                $"The journal '{path}' was given durability {options.Durability}. Durability must be ProcessCrash or PowerLoss.");
        }

        return new ResumeJournal<T>(path, key, options);
    }

    /// <summary>Waits until everything recorded so far is written as <see cref="ResumeJournalOptions.Durability"/> says. The end of a run includes
    /// it.</summary>
    /// <returns>The moment.</returns>
    /// <exception cref="IOException">A record could not be written; the run that wanted it was stopped.</exception>
    public abstract Task FlushAsync();

    /// <summary>Writes what is left and gives the file free.</summary>
    /// <returns>The end.</returns>
    public abstract ValueTask DisposeAsync();
}
