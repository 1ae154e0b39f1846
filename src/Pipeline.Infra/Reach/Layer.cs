namespace Pipeline.Infra;

/// <summary>The kinds of control that a packet passes.</summary>
internal enum Layer
{
    Group,
    Acl,
    Route,
    Address,
    Balancer,
}
