namespace Pipeline.Infra;

/// <summary>A resource that receives what a listener accepts.</summary>
internal sealed record RegisteredTarget(ResourceEntry Resource, int? Port);
