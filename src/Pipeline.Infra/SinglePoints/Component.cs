namespace Pipeline.Infra;

/// <summary>A part that a user's request needs.</summary>
public sealed class Component
{
    /// <summary>Gets the name: of the resource, or of what runs on it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the short name by which claims allow it: dns, region, instance, zone, database, ...</summary>
    public required string Kind { get; init; }

    /// <summary>Gets what the part does for the user.</summary>
    public required string Role { get; init; }

    /// <summary>Gets the place in the template.</summary>
    public required Location At { get; init; }

    /// <summary>Gets why the loss of this one part breaks the path; null when another one takes over.</summary>
    public string? Alone { get; init; }

    /// <summary>Gets how the part is doubled; empty when it is not.</summary>
    public string Redundancy { get; init; } = "";

    /// <summary>Gets a value indicating whether the part goes with a single zone.</summary>
    public bool LostWithZone { get; init; }

    /// <summary>Gets what users see when it is gone.</summary>
    public required string UsersSee { get; init; }

    /// <summary>Gets how it comes back, and where that is known from.</summary>
    public required string ComesBack { get; init; }

    /// <summary>Gets the names of the parts that stop with this one.</summary>
    public IReadOnlyList<string> Breaks { get; internal set; } = [];

    internal List<string> Needs { get; } = [];
}
