namespace Pipeline.Core;

/// <summary>A slot for any number of branches with results of one type.</summary>
internal sealed class JoinSlot<T>(int branches) : JoinSlot
{
    public T[] Results { get; } = new T[branches];

    public override async ValueTask DisposeAsync()
    {
        foreach (T result in Results)
            await DisposeAsync(result).ConfigureAwait(false);
    }
}
