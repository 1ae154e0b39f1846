namespace Pipeline.Jobs;

/// <summary>Which jobs of a tenant to list, newest first.</summary>
public sealed record JobQuery
{
    /// <summary>Gets whose jobs.</summary>
    public required string Tenant { get; init; }

    /// <summary>Gets the state that is wanted; null for all.</summary>
    public JobState? State { get; init; }

    /// <summary>Gets the kind that is wanted; null for all.</summary>
    public string? Kind { get; init; }

    /// <summary>Gets how many jobs one page holds.</summary>
    /// <value>1 to 500; default 50.</value>
    public int Limit { get; init; } = 50;

    /// <summary>Gets where the last page ended: <see cref="JobPage.Next"/>; null for the first page.</summary>
    public string? After { get; init; }
}
