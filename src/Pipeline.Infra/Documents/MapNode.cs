namespace Pipeline.Infra;

/// <summary>Named values in the order of the document; no name occurs twice.</summary>
internal sealed class MapNode(Location at, IReadOnlyList<MapEntry> entries) : DocumentNode(at)
{
    internal IReadOnlyList<MapEntry> Entries { get; } = entries;

    internal DocumentNode? this[string key]
    {
        get
        {
            foreach (MapEntry entry in Entries)
            {
                if (entry.Key == key)
                    return entry.Value;
            }

            return null;
        }
    }
}
