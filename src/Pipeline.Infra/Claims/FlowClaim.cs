namespace Pipeline.Infra;

/// <summary>A claim about the connections from some tiers to others.</summary>
internal sealed record FlowClaim(Location At, IReadOnlyList<string> From, IReadOnlyList<string> To, FlowKind Kind, IReadOnlyList<PortMatch> Ports) : Claim(At)
{
    internal PathVia? Via { get; init; }

    internal bool EachLayer { get; init; }

    /// <summary>Gets the buckets that the policy of a gateway endpoint must be limited to; null when nothing is claimed.</summary>
    internal IReadOnlyList<string>? Buckets { get; init; }

    internal override string Sentence
    {
        get
        {
            string ports = Ports is [{ Protocol: < 0 }] ? "anything" : string.Join(", ", Ports);
            string verb = Kind switch { FlowKind.Only => "reaches", FlowKind.Never => "never reaches", _ => "can reach" };
            string only = Kind == FlowKind.Only ? $" on {ports} and nothing else" : $" on {ports}";
            string via = Via is { } way ? $" via {PathViaNames.Name(way)}" : "";
            string layers = EachLayer ? ", by each layer alone" : "";
            string buckets = Buckets is null ? "" : $", buckets {string.Join(", ", Buckets)} only";
            return $"{string.Join(", ", From)} {verb} {string.Join(", ", To)}{only}{via}{layers}{buckets}";
        }
    }
}
