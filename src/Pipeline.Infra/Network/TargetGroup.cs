namespace Pipeline.Infra;

/// <summary>The receivers behind a listener.</summary>
internal sealed class TargetGroup
{
    internal required string Name { get; init; }

    internal required ResourceEntry Resource { get; init; }

    internal required int? Port { get; init; }

    internal int? HealthCheckPort { get; set; }

    internal required string TargetType { get; init; }

    internal required string Protocol { get; init; }

    internal bool? PreservesClientAddress { get; set; }

    /// <summary>Gets the resources that are registered, with the port when it differs.</summary>
    internal List<RegisteredTarget> Targets { get; } = [];

    internal Gap? Gap { get; set; }
}
