namespace Pipeline.Infra;

/// <summary>A private way to a service of AWS: by routes (gateway) or by interfaces.</summary>
internal sealed class VpcEndpoint
{
    internal required string Name { get; init; }

    internal required Location At { get; init; }

    internal required Vpc? Vpc { get; init; }

    internal required bool IsGateway { get; init; }

    /// <summary>Gets the service as templates write it, for example com.amazonaws.us-east-1.s3.</summary>
    internal required string Service { get; init; }

    internal string ServiceShortName => Service[(Service.LastIndexOf('.') + 1)..];

    internal bool HasPrivateDns { get; init; }

    internal ResourceEntry? Resource { get; init; }

    internal List<Subnet> Subnets { get; } = [];

    /// <summary>Gets or sets why service, network or existence is not known.</summary>
    internal Gap? Gap { get; init; }
}
