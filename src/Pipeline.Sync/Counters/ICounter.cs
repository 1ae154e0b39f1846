namespace Pipeline.Sync;

/// <summary>A 64-bit count that many threads add to.</summary>
/// <remarks>
/// Implementations are safe for concurrent use and never wait, unless their documentation says otherwise. A count wraps around at the ends of
/// <see cref="long"/>.
/// </remarks>
public interface ICounter
{
    /// <summary>Adds to the count.</summary>
    /// <param name="delta">The amount, any sign; zero changes nothing.</param>
    void Add(long delta);

    /// <summary>Adds one to the count.</summary>
    void Increment();

    /// <summary>Gets the count as far as it can be seen now.</summary>
    /// <value>Exact when no thread adds while it is read; otherwise it may contain some concurrent additions and miss others.</value>
    long ApproximateTotal { get; }
}
