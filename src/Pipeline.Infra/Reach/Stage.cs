namespace Pipeline.Infra;

/// <summary>One control on a path with the packets that pass it, in the header of the first packet of the connection.</summary>
internal sealed class Stage
{
    internal required Layer Layer { get; init; }

    /// <summary>Gets a value indicating whether the answer is judged here, not the first packet.</summary>
    internal bool IsReply { get; init; }

    /// <summary>Gets the code of the analyzer of AWS for a packet that is stopped here.</summary>
    internal required string Code { get; init; }

    /// <summary>Gets the packets that pass if everything unknown is in their favor.</summary>
    internal required PacketSet May { get; init; }

    /// <summary>Gets the packets that pass whatever the unknown turns out to be.</summary>
    internal required PacketSet Must { get; init; }

    internal IReadOnlyList<Gap> Gaps { get; init; } = [];

    internal required Func<Packet, StageStep> Explain { get; init; }
}
