namespace Pipeline.Infra;

/// <summary>One value of a YAML or JSON document, with the place where it stands.</summary>
internal abstract class DocumentNode(Location at)
{
    internal Location At { get; } = at;
}
