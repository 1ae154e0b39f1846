namespace Pipeline.Core.Internal;

internal sealed class Ticket<TSource> : Ticket
{
    private static readonly bool Keeps = !ItemTraits<TSource>.MayBeDisposable && !typeof(TSource).IsArray;

    private TSource? _source;

    internal override object? Source => _source;

    internal void Start(TSource source)
    {
        if (Keeps || source is not (IDisposable or IAsyncDisposable or IWeighted or Array))
            _source = source;
    }

    internal override void Clear()
    {
        IsOverBudget = false;
        ArrivedAt = 0;
        JournalKey = null;
        _source = default;
    }
}
