namespace Pipeline.Infra;

/// <summary>The routes of one or more subnets. The local routes of the network are part of every table.</summary>
internal sealed class RouteTable
{
    internal required string Name { get; init; }

    internal required Location At { get; init; }

    internal Vpc? Vpc { get; set; }

    internal List<Route> Routes { get; } = [];

    public override string ToString() => $"route table {Name} ({At})";
}
