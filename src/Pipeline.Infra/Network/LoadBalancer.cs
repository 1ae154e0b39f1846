namespace Pipeline.Infra;

/// <summary>A load balancer with its listeners and their targets.</summary>
internal sealed class LoadBalancer
{
    internal required string Name { get; init; }

    internal required ResourceEntry Resource { get; init; }

    internal required InterfaceKind Kind { get; init; }

    internal List<Listener> Listeners { get; } = [];

    internal List<NetworkInterface> Interfaces { get; } = [];
}
