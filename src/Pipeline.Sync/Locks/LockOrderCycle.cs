namespace Pipeline.Sync;

/// <summary>A potential deadlock that was learned: a circle of levels, each taken somewhere while the one before it was held.</summary>
/// <param name="Edges">The circle; the last edge leads back to where the first begins.</param>
public sealed record LockOrderCycle(IReadOnlyList<LockOrderEdge> Edges)
{
    /// <summary>Gets how many levels the circle has; 1 when two locks of one level were taken one after the other.</summary>
    public int Length => Edges.Count;

    /// <summary>Shows the circle and where each of its steps was seen.</summary>
    /// <returns>Several lines of text.</returns>
    public override string ToString() =>
        $"Potential deadlock over {Length} level(s):" + string.Concat(Edges.Select(edge => $"{Environment.NewLine}  {edge}"));
}
