namespace Pipeline.Infra;

/// <summary>One resource of a template.</summary>
internal sealed class ResourceEntry(TemplateScope scope, string logicalId, string type, Location at, MapNode node)
{
    internal TemplateScope Scope { get; } = scope;

    internal string LogicalId { get; } = logicalId;

    /// <summary>Gets or sets the name in messages: the logical name, with the template's in front when two templates use the same.</summary>
    internal string Name { get; set; } = logicalId;

    internal string Type { get; } = type;

    internal Location At { get; } = at;

    internal MapNode Node { get; } = node;

    /// <summary>Gets or sets the template of a nested stack that was found beside this one.</summary>
    internal TemplateScope? Child { get; set; }

    internal MapNode? Properties => Node["Properties"] as MapNode;

    /// <summary>Gets whether the resource is created, which its condition decides.</summary>
    internal Truth Exists => Node["Condition"] is ScalarNode condition ? Scope.Resolver.Condition(condition.Text, condition.At) : Truth.Of(true);

    /// <summary>Gets the value of a property; absent when it is not written.</summary>
    internal Value Get(string property) => Properties?[property] is { } node ? Scope.Resolver.Resolve(node) : AbsentValue.Instance;

    /// <summary>Gets the place of a property, or of the resource when it is not written.</summary>
    internal Location PlaceOf(string property)
    {
        foreach (MapEntry entry in Properties?.Entries ?? [])
        {
            if (entry.Key == property)
                return entry.KeyAt;
        }

        return At;
    }

    public override string ToString() => $"{Name} ({Type}, line {At.Line})";
}
