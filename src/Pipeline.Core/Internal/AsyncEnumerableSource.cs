namespace Pipeline.Core;

internal sealed class AsyncEnumerableSource<T>(IAsyncEnumerable<T> items) : ItemSource<T>
{
    private IAsyncEnumerator<T>? _enumerator;

    internal override T Current => _enumerator!.Current;

    internal override ValueTask<bool> MoveNextAsync(CancellationToken stop) => (_enumerator ??= items.GetAsyncEnumerator(stop)).MoveNextAsync();

    public override ValueTask DisposeAsync() => _enumerator?.DisposeAsync() ?? ValueTask.CompletedTask;
}
