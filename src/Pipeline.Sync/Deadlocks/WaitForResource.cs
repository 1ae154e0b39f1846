namespace Pipeline.Sync;

/// <summary>A resource node of the wait-for graph: how many units it has and who holds some. Several holders are the normal case.</summary>
internal sealed record WaitForResource(string Name, int Capacity)
{
    public List<LockHolder> Holders { get; } = [];
}
