namespace Pipeline.Infra;

/// <summary>What owns an interface.</summary>
internal enum InterfaceKind
{
    Instance,
    ScalingGroup,
    Task,
    Function,
    Database,
    Cache,
    FileSystem,
    Endpoint,
    ApplicationLoadBalancer,
    NetworkLoadBalancer,
    ClassicLoadBalancer,
    Other,
}
