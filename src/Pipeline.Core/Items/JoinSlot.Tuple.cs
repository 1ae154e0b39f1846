namespace Pipeline.Core;

/// <summary>A slot for two or three branches.</summary>
internal sealed class JoinSlot<T1, T2, T3> : JoinSlot
{
    public T1? First { get; set; }
    public T2? Second { get; set; }
    public T3? Third { get; set; }

    public override async ValueTask DisposeAsync()
    {
        await DisposeAsync(First).ConfigureAwait(false);
        await DisposeAsync(Second).ConfigureAwait(false);
        await DisposeAsync(Third).ConfigureAwait(false);
    }
}
