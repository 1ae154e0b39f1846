namespace Pipeline.Infra;

/// <summary>A resource with interfaces that are not modeled.</summary>
internal sealed record RefusedResource(ResourceEntry Resource, Gap Gap);
