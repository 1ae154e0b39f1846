namespace Pipeline.Infra;

/// <summary>Named values with the place of each.</summary>
internal sealed record MapValue(Location At, IReadOnlyDictionary<string, Value> Entries, IReadOnlyDictionary<string, Location> Places) : Value
{
    internal override string Key => $"{{{string.Join(", ", Entries.Select(entry => $"{entry.Key}: {entry.Value.Key}"))}}}";
}
