namespace Pipeline.Core;

/// <summary>How a run uses its resume journal.</summary>
internal sealed partial class RunEngine
{
    private Ticket? _delivered; // guarded by _gate: what the consumer of a stream works on, while there is a journal

    /// <summary>Gets the run's use of its journal; null without one. Written once before start.</summary>
    public JournalRun? Journal { get; private set; }

    /// <summary>Takes the items out of a source that the journal knows to be finished.</summary>
    public ItemSource<T> Resume<T>(ItemSource<T> source)
    {
        if (_settings.Journal is null)
            return source;
        if (_settings.Journal is not ResumeJournal<T> journal)
            throw new ArgumentException($"The run of '{PipelineName}' takes items of {typeof(T).Name}, and its journal '{_settings.Journal.Path}' takes items of {string.Join(", ", _settings.Journal.GetType().GenericTypeArguments.Select(type => type.Name))}. Open the journal for the items of the source.");
        JournalRun<T> use = journal.BeginRun(error => Stop(new PipelineStageException("journal", ItemsTaken, item: null, attempt: 1, error)));
        Journal = use;
        return new JournaledSource<T>(source, use, this);
    }

    /// <summary>Ends an item that the consumer of a stream took: at once, or with a journal when the consumer comes back, because only then it is done with it.</summary>
    private void DeliverUnsynchronized(Ticket? ticket)
    {
        Ticket? done = Journal is null ? ticket : _delivered;
        if (Journal is not null)
            _delivered = ticket;
        if (done is not null && !_isOver)
            FinishUnsynchronized(done, ItemOutcome.Completed, StampUnsynchronized());
    }
}
