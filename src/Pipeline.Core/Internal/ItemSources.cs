using System.Threading.Channels;

namespace Pipeline.Core.Internal;

internal sealed class EnumerableSource<T>(IEnumerable<T> items) : ItemSource<T>
{
    private IEnumerator<T>? _enumerator;

    internal override long? Count => items.TryGetNonEnumeratedCount(out int count) ? count : null;

    internal override T Current => _enumerator!.Current;

    internal override ValueTask<bool> MoveNextAsync(CancellationToken stop) => new((_enumerator ??= items.GetEnumerator()).MoveNext());

    public override ValueTask DisposeAsync()
    {
        _enumerator?.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal sealed class AsyncEnumerableSource<T>(IAsyncEnumerable<T> items) : ItemSource<T>
{
    private IAsyncEnumerator<T>? _enumerator;

    internal override T Current => _enumerator!.Current;

    internal override ValueTask<bool> MoveNextAsync(CancellationToken stop) => (_enumerator ??= items.GetAsyncEnumerator(stop)).MoveNextAsync();

    public override ValueTask DisposeAsync() => _enumerator?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Reads a channel by waiting and taking, never by a cancellable read, which can lose an item (dotnet/runtime#132094).</summary>
internal sealed class ChannelSource<T>(ChannelReader<T> reader) : ItemSource<T>
{
    private T _current = default!;

    internal override T Current => _current;

    internal override ValueTask<bool> MoveNextAsync(CancellationToken stop) =>
        reader.TryRead(out _current!) ? new ValueTask<bool>(true) : WaitAsync(stop);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<bool> WaitAsync(CancellationToken stop)
    {
        while (await reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            if (reader.TryRead(out _current!))
                return true;
        }

        return false;
    }
}
