namespace Pipeline.Infra;

/// <summary>A claim that the loss of any one zone leaves the named tiers working.</summary>
internal sealed record SurviveClaim(Location At, IReadOnlyList<string> Keep) : Claim(At)
{
    internal const string Egress = "egress";

    internal override string Sentence => $"the loss of any zone keeps {string.Join(", ", Keep)}";
}
