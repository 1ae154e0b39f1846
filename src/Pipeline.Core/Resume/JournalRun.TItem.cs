namespace Pipeline.Core;

/// <summary>Decides which items of one run are passed over.</summary>
/// <remarks>Locking rule: <see cref="_gate"/> guards the keys under way. It is taken under the run's gate and takes the journal's.</remarks>
internal sealed class JournalRun<T> : JournalRun
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal); // guarded by _gate
    private readonly ResumeJournal<T> _journal;
    private readonly Action<Exception> _failed;
    private readonly bool _passesOverDuplicates;
    private readonly int _run;
    private long _passedOver; // written by the source's thread, read by reports

    public JournalRun(ResumeJournal<T> journal, int run, bool passesOverDuplicates, Action<Exception> failed)
    {
        _journal = journal;
        _run = run;
        _passesOverDuplicates = passesOverDuplicates;
        _failed = failed;
        journal.Failed += failed;
    }

    public override long PassedOver => Volatile.Read(ref _passedOver);

    /// <summary>Takes an item into the run.</summary>
    /// <returns>Its key; null when it is passed over.</returns>
    public string? TryBegin(T item)
    {
        string key = _journal.KeyOf(item);
        bool isDuplicate;
        int finishedIn;
        lock (_gate)
        {
            // In this order, because an item is noted as finished before it is no longer under way.
            isDuplicate = !_underWay.Add(key);
            finishedIn = _journal.RunThatFinished(key);
            if (!isDuplicate && finishedIn >= 0)
                _underWay.Remove(key);
        }

        isDuplicate |= finishedIn == _run; // what a run beside this one finished is no item of this one
        if (isDuplicate && !_passesOverDuplicates)
        {
            throw new InvalidOperationException(
                $"Two items of the run have the key '{key}' in the journal '{_journal.Path}'. Keys must be unique, or items would be " +
                "lost without a word. Make the key of everything that tells items apart, or set ResumeJournalOptions.PassOverDuplicates.");
        }

        if (finishedIn < 0 && !isDuplicate)
            return key;
        Volatile.Write(ref _passedOver, _passedOver + 1);
        return null;
    }

    public override void End(string key, ItemOutcome outcome)
    {
        if (outcome is ItemOutcome.Completed or ItemOutcome.Skipped)
            _journal.Finish(key, _run);
        lock (_gate)
            _underWay.Remove(key);
    }

    public override async Task EndRunAsync()
    {
        try
        {
            await _journal.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _journal.Failed -= _failed;
        }
    }
}
