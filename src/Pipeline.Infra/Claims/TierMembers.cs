namespace Pipeline.Infra;

/// <summary>The members of a tier: one party for all interfaces that no rule tells apart, and the resources that are not modeled.</summary>
internal sealed record TierMembers(string Name, IReadOnlyList<Party> Parties, int Interfaces, IReadOnlyList<RefusedResource> Refused);
