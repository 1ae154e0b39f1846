namespace Pipeline.Sync;

/// <summary>A wait was ended because it was part of a circle of waits that no flow outside could resolve. Nothing was acquired by it.</summary>
/// <remarks>Of the members of a circle, the one that began to wait last gets this exception; when it gives back what it holds, the others go on.</remarks>
public sealed class DeadlockException : InvalidOperationException
{
    internal DeadlockException(WaitForGraph graph)
        : base(graph.Explain()) => Graph = graph;

    /// <summary>Gets who held and wanted what when the circle was found.</summary>
    public WaitForGraph Graph { get; }
}
