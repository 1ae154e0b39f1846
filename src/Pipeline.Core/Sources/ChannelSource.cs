using System.Threading.Channels;

namespace Pipeline.Core;

/// <summary>Reads a channel by waiting and taking, never by a cancellable read, which can lose an item (dotnet/runtime#132094).</summary>
internal sealed class ChannelSource<T>(ChannelReader<T> reader) : ItemSource<T>
{
    private T _current = default!;

    public override T Current => _current;

    public override ValueTask<bool> MoveNextAsync(CancellationToken stop) =>
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
