namespace Pipeline.Infra;

/// <summary>A list of values.</summary>
internal sealed class ListNode(Location at, IReadOnlyList<DocumentNode> items) : DocumentNode(at)
{
    internal IReadOnlyList<DocumentNode> Items { get; } = items;
}
