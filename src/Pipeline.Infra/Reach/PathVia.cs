namespace Pipeline.Infra;

/// <summary>The kinds of ways through the network.</summary>
internal enum PathVia
{
    Local,
    InternetGateway,
    EgressOnlyGateway,
    NatGateway,
    GatewayEndpoint,
    InterfaceEndpoint,
    NetworkLoadBalancer,
    PublicAddress,
    Unknown,
}
