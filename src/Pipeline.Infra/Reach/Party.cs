namespace Pipeline.Infra;

/// <summary>One end of a connection: interfaces, the internet, or a service of AWS.</summary>
internal sealed record Party(string Name, NetworkInterface? Interface, string? Service)
{
    internal static readonly Party Internet = new("internet", null, null);

    internal bool IsInternet => Interface is null && Service is null;

    internal static Party Of(NetworkInterface item) => new(item.Name, item, null);

    internal static Party OfService(string service) => new(service, null, service);

    public override string ToString() => Name;
}
