namespace Pipeline.Infra;

/// <summary>The kinds of next hops.</summary>
internal enum RouteTarget
{
    Local,
    InternetGateway,
    EgressOnlyGateway,
    Nat,
    GatewayEndpoint,

    /// <summary>A next hop that is known to lead nowhere: a gateway that is not attached to the network.</summary>
    Nowhere,

    /// <summary>A next hop that is not modeled or not known.</summary>
    Unknown,
}
