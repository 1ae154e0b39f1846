namespace Pipeline.Core;

internal sealed class AsyncEnumerableSource<T>(IAsyncEnumerable<T> items) : ItemSource<T>
{
    private IAsyncEnumerator<T>? _enumerator;

    public override T Current => _enumerator!.Current;

    public override ValueTask<bool> MoveNextAsync(CancellationToken stop) =>
        (_enumerator ??= items.GetAsyncEnumerator(stop)).MoveNextAsync();

    public override ValueTask DisposeAsync() => _enumerator?.DisposeAsync() ?? ValueTask.CompletedTask;
}
