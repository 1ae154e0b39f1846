namespace Pipeline.Processes;

/// <summary>A function of a pool: its number on every connection and how workers find it.</summary>
/// <param name="number">From 0, unique within the pool.</param>
/// <param name="name">For errors.</param>
/// <param name="definition">What a worker is told before the first call.</param>
internal sealed class PoolFunction(ushort number, string name, byte[] definition)
{
    public ushort Number { get; } = number;
    public string Name { get; } = name;
    public byte[] Definition { get; } = definition;

    /// <summary>Gets where the code runs that waits for results.</summary>
    public InlineContinuations Continuations { get; } = new();

    /// <summary>
    /// Gets or sets a request and its result with which spares rehearse (<see cref="Rehearsal"/>). Guarded by the supervisor's lock; set once.
    /// </summary>
    public byte[]? Sample { get; set; }
}
