namespace Pipeline.Core;

internal sealed class Ticket<TSource> : Ticket
{
    private static readonly bool s_keeps = !ItemTraits<TSource>.MayBeDisposable && !typeof(TSource).IsArray;

    private TSource? _source;

    public override object? Source => _source;

    /// <summary>Begins to stand for an item. Called by the source's turn, which holds the ticket alone.</summary>
    public void Start(TSource source)
    {
        IsOverBudget = false;
        ArrivedAt = 0;
        JournalKey = null;
        if (s_keeps || source is not (IDisposable or IAsyncDisposable or IWeighted or Array))
            _source = source;
    }

    public override void Clear()
    {
        JournalKey = null;
        _source = default;
    }
}
