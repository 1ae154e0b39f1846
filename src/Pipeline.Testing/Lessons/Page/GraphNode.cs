using Pipeline.Testing.Internal;

namespace Pipeline.Testing.Lessons.Page;

/// <summary>One state of a program: what is shared, who waits, what can come next.</summary>
internal sealed class GraphNode
{
    public required string[] State { get; init; }

    public required IReadOnlyList<WaitEdge> Waits { get; init; }

    public required IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>> Holds { get; init; }

    /// <summary>Gets the next step of each participant; null when it has ended.</summary>
    public required string?[] Pending { get; init; }

    public List<GraphMove> Moves { get; } = [];

    public bool IsEnd { get; set; }

    public string? Failure { get; set; }
}
