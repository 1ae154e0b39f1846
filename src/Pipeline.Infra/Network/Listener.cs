namespace Pipeline.Infra;

/// <summary>A port on which a load balancer accepts connections.</summary>
internal sealed class Listener
{
    internal required string Name { get; init; }

    internal required Location At { get; init; }

    internal required PortMatch Match { get; init; }

    internal List<TargetGroup> Targets { get; } = [];

    /// <summary>Gets a value indicating whether the listener answers by itself (redirect, fixed response).</summary>
    internal bool AnswersItself { get; set; }

    internal Gap? Gap { get; set; }
}
