namespace Pipeline.Testing;

/// <summary>One operation of a generated program.</summary>
public abstract record SketchOperation
{
    private protected SketchOperation()
    {
    }

    /// <summary>Adds one to a counter by a read and a write.</summary>
    /// <param name="Counter">The index of the counter, 0 or more.</param>
    public sealed record Increment(int Counter) : SketchOperation
    {
        /// <inheritdoc/>
        public override string ToString() => $"c{Counter} += 1";
    }

    /// <summary>Adds one to a counter in one step.</summary>
    /// <param name="Counter">The index of the counter, 0 or more.</param>
    public sealed record AtomicIncrement(int Counter) : SketchOperation
    {
        /// <inheritdoc/>
        public override string ToString() => $"atomic c{Counter} += 1";
    }

    /// <summary>Takes a lock, does something, and gives the lock back.</summary>
    /// <param name="Lock">The index of the lock, 0 or more. It must not be held already.</param>
    /// <param name="Body">What is done under the lock.</param>
    public sealed record WithLock(int Lock, IReadOnlyList<SketchOperation> Body) : SketchOperation
    {
        /// <inheritdoc/>
        public override string ToString() => $"lock l{Lock} {{ {string.Join("; ", Body)} }}";
    }
}
