namespace Pipeline.Infra;

/// <summary>An availability zone: by name, by its place in the region's list, or not to be told.</summary>
internal sealed record Zone(string Name, bool IsSymbolic, Gap? Gap)
{
    /// <summary>Tells whether two zones are one; null when that cannot be told.</summary>
    internal bool? IsSameAs(Zone other)
    {
        if (Gap is not null || other.Gap is not null)
            return null;
        if (Name == other.Name)
            return true;
        return IsSymbolic == other.IsSymbolic ? false : null;
    }

    public override string ToString() => Gap is null ? Name : "unknown zone";
}
