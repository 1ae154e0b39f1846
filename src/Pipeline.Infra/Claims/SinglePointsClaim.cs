namespace Pipeline.Infra;

/// <summary>A claim that nothing stands alone but what is named.</summary>
internal sealed record SinglePointsClaim(Location At, IReadOnlyList<string> Allow) : Claim(At)
{
    internal override string Sentence => Allow.Count == 0 ? "nothing stands alone" : $"nothing stands alone but {string.Join(", ", Allow)}";
}
