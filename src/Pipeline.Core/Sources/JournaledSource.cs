namespace Pipeline.Core;

/// <summary>A source without the items that a journal knows to be finished.</summary>
internal sealed class JournaledSource<T>(ItemSource<T> source, JournalRun<T> journal, RunContext run) : ItemSource<T>
{
    private string? _key;

    public override long? Count => source.Count;
    public override T Current => source.Current;
    public override string? CurrentKey => _key;

    public override async ValueTask<bool> MoveNextAsync(CancellationToken stop)
    {
        while (await source.MoveNextAsync(stop).ConfigureAwait(false))
        {
            if (Takes())
                return true;
            if (stop.IsCancellationRequested)
                break;
        }

        return false;
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>Says whether the current item belongs to the run; one that is passed over is disposed.</summary>
    private bool Takes()
    {
        T item = source.Current;
        if (item is null)
            return true; // the run refuses it with the error that says so
        try
        {
            _key = journal.TryBegin(item);
        }
        catch
        {
            run.Ledger.DisposeItem(item);
            throw;
        }

        if (_key is not null)
            return true;
        if (ItemTraits<T>.MayBeDisposable)
            run.Ledger.DisposeItem(item);
        return false;
    }
}
