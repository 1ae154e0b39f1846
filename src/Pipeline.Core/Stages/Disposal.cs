namespace Pipeline.Core;

/// <summary>How items are disposed, which may be disposable in either way or not at all.</summary>
internal static class Disposal
{
    /// <summary>Says whether an item holds resources, so that nothing may keep it alive when it has ended.</summary>
    public static bool IsDisposable(object? item) => item is IDisposable or IAsyncDisposable;

    /// <summary>Disposes an item, if it is disposable, asynchronously if it can.</summary>
    public static ValueTask DisposeAsync(object? item)
    {
        if (item is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        (item as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
