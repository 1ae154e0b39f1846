namespace Pipeline.Sync;

/// <summary>One key came with different units. Nothing else is affected; the first charge stays.</summary>
public sealed class ChargeConflictException : InvalidOperationException
{
    internal ChargeConflictException(IReadOnlyList<ChargeConflict> conflicts)
        : base(
            $"{conflicts.Count} charge(s) came again with other units: {string.Join("; ", conflicts.Take(5))}. "
            + "The same key must always have the same units: "
            + "put whatever changes the units into the key's parameters version, or book the difference as a correction.")
        => Conflicts = conflicts;

    /// <summary>Gets the conflicts.</summary>
    public IReadOnlyList<ChargeConflict> Conflicts { get; }
}
