using System.Collections;
using System.Runtime.ExceptionServices;

namespace Pipeline.Core;

/// <summary>Items that a batch stage collected, in the order in which they came. It owns them.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <remarks>Immutable. A stage that keeps the items takes them out and does not dispose the batch.</remarks>
#pragma warning disable CA1710 // "Batch" is the word of the field
public sealed class Batch<T> : IReadOnlyList<T>, IWeighted, IAsyncDisposable
#pragma warning restore CA1710
{
    private readonly T[] _items;

    internal Batch(T[] items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <summary>Gets the bytes that the items hold together.</summary>
    public long WeightBytes => _items.Sum(static item => item is IWeighted weighted ? weighted.WeightBytes : 0);

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes all items that are disposable, also when one of them throws.</summary>
    /// <returns>The end of the disposal; it throws what the first item threw that could not be disposed.</returns>
    public async ValueTask DisposeAsync()
    {
        ExceptionDispatchInfo? first = null;
        foreach (T item in _items)
        {
            try
            {
                await Disposal.DisposeAsync(item).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                first ??= ExceptionDispatchInfo.Capture(error);
            }
        }

        first?.Throw();
    }
}
