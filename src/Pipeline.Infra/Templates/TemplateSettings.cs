namespace Pipeline.Infra;

/// <summary>What a template is read with.</summary>
internal sealed class TemplateSettings
{
    internal required string Region { get; init; }

    internal bool RegionGiven { get; init; }

    /// <summary>Gets the given values of parameters by name.</summary>
    internal Dictionary<string, GivenParameter> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the values that other stacks export, worked out when they are asked for.</summary>
    internal Dictionary<string, Func<Value>> Exports { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Gets what was taken for granted, as the analyzer of AWS names it, with the text to print.</summary>
    internal SortedDictionary<string, string> Assumptions { get; init; } = new(StringComparer.Ordinal);
}
