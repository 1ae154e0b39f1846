namespace Pipeline.Sync;

/// <summary>A flow that waits for permits, as it wrote about itself. For people and for the wait-for graph.</summary>
/// <param name="Owner">The owner as messages show it.</param>
/// <param name="ProcessId">The operating system's number of its process.</param>
/// <param name="Permits">How many permits it wants.</param>
/// <param name="Site">Where it asked.</param>
/// <param name="Since">Since when it waits.</param>
public sealed record WaiterDescription(string Owner, int ProcessId, int Permits, string Site, DateTimeOffset Since)
{
    internal string OwnerKey { get; init; } = "";

    internal int? Level { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"waiting: {Owner} (process {ProcessId}) for {Permits} since {Since:yyyy-MM-dd HH:mm:ss}Z, at {Site}";
}
