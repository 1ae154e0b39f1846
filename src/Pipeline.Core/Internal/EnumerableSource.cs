namespace Pipeline.Core;

internal sealed class EnumerableSource<T>(IEnumerable<T> items) : ItemSource<T>
{
    private IEnumerator<T>? _enumerator;

    internal override long? Count => items.TryGetNonEnumeratedCount(out int count) ? count : null;

    internal override T Current => _enumerator!.Current;

    internal IEnumerator<T> Enumerator => _enumerator ??= items.GetEnumerator();

    internal override ValueTask<bool> MoveNextAsync(CancellationToken stop) => new(Enumerator.MoveNext());

    public override ValueTask DisposeAsync()
    {
        _enumerator?.Dispose();
        return ValueTask.CompletedTask;
    }
}
