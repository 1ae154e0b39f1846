namespace Pipeline.Infra;

/// <summary>A named list of blocks.</summary>
internal sealed class PrefixList
{
    internal required string Name { get; init; }

    internal List<Cidr> Blocks { get; } = [];

    /// <summary>Gets or sets the service whose addresses the list holds ("s3"), when that is given.</summary>
    internal string? Service { get; init; }

    /// <summary>Gets or sets why the blocks are not known.</summary>
    internal Gap? Gap { get; set; }
}
