namespace Pipeline.Infra;

/// <summary>The names of ways in claims and reports.</summary>
internal static class PathViaNames
{
    internal static readonly IReadOnlyDictionary<string, PathVia> ByName = new Dictionary<string, PathVia>(StringComparer.Ordinal)
    {
        ["local"] = PathVia.Local,
        ["internet-gateway"] = PathVia.InternetGateway,
        ["egress-only-gateway"] = PathVia.EgressOnlyGateway,
        ["nat-gateway"] = PathVia.NatGateway,
        ["gateway-endpoint"] = PathVia.GatewayEndpoint,
        ["interface-endpoint"] = PathVia.InterfaceEndpoint,
        ["network-load-balancer"] = PathVia.NetworkLoadBalancer,
        ["public-address"] = PathVia.PublicAddress,
        ["unknown"] = PathVia.Unknown,
    };

    internal static string Name(PathVia via) => ByName.First(pair => pair.Value == via).Key;
}
