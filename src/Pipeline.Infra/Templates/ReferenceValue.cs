namespace Pipeline.Infra;

/// <summary>A resource of a template, or one of its attributes.</summary>
internal sealed record ReferenceValue(ResourceEntry Resource, string? Attribute) : Value
{
    internal override string Key => Attribute is null ? $"${{{Resource.Name}}}" : $"${{{Resource.Name}.{Attribute}}}";
}
