namespace Pipeline.Sync;

/// <summary>Two charges with one key and different units. The first stays; the other was not taken in, and the choice is recorded.</summary>
/// <param name="Key">The key.</param>
/// <param name="Charged">The units that stay.</param>
/// <param name="Refused">The units that were not taken in.</param>
public sealed record ChargeConflict(ChargeKey Key, long Charged, long Refused)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Charged} units charged, {Refused} units refused";
}
