namespace Pipeline.Core;

internal sealed class EnumerableSource<T>(IEnumerable<T> items) : ItemSource<T>
{
    private IEnumerator<T>? _enumerator;

    public override long? Count => items.TryGetNonEnumeratedCount(out int count) ? count : null;
    public override T Current => _enumerator!.Current;
    public IEnumerator<T> Enumerator => _enumerator ??= items.GetEnumerator();

    public override ValueTask<bool> MoveNextAsync(CancellationToken stop) => new(Enumerator.MoveNext());

    public override ValueTask DisposeAsync()
    {
        _enumerator?.Dispose();
        return ValueTask.CompletedTask;
    }
}
