namespace Pipeline.Core;

/// <summary>One of several handles that own a disposable value together; disposing the last one disposes the value.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <remarks>For items that several branches of a <see cref="PipelineBuilderBranching"/> shape work on: every branch gets a handle of its own, and a body that
/// takes an item over disposes its handle, as it would dispose the item. Thread-safe. The value itself is used by several branches at the same time, so they
/// only read it.</remarks>
public sealed class Shared<T> : IDisposable, IWeighted, IShareable
    where T : class, IDisposable
{
    private readonly Owners _owners;
    private readonly bool _isFirst;
    private int _isDisposed; // Interlocked only

    /// <summary>Takes over a value.</summary>
    /// <param name="value">The value. It is disposed with the last handle and by no one else.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public Shared(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _owners = new Owners(value);
        _isFirst = true;
    }

    private Shared(Owners owners, bool isFirst) => (_owners, _isFirst) = (owners, isFirst);

    /// <summary>Gets the value.</summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public T Value
    {
        get
        {
            ThrowIfDisposed();
            return _owners.Value;
        }
    }

    /// <summary>Gets the bytes that this handle counts for.</summary>
    /// <value>Bytes: all that the value holds for the handle that took it over, 0 for those that <see cref="Share"/> made, so that a value counts once; 0 when
    /// the value does not tell its weight.</value>
    public long WeightBytes => _isFirst && _owners.Value is IWeighted weighted ? weighted.WeightBytes : 0;

    /// <summary>Makes another handle of the same value.</summary>
    /// <returns>A handle that its owner disposes.</returns>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public Shared<T> Share()
    {
        ThrowIfDisposed();
        _owners.Add();
        return new Shared<T>(_owners, isFirst: false);
    }

    /// <summary>Gives this handle up; the last one disposes the value. Does nothing the second time.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _owners.Remove();
    }

    object IShareable.Share() => Share();

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);

    private sealed class Owners(T value)
    {
        private int _count = 1; // Interlocked only

        internal T Value => value;

        /// <summary>Called by an owner, so there is at least one and the value is alive.</summary>
        internal void Add() => Interlocked.Increment(ref _count);

        internal void Remove()
        {
            if (Interlocked.Decrement(ref _count) == 0)
                value.Dispose();
        }
    }
}
