namespace Pipeline.Infra;

/// <summary>The answer to one claim with its grounds.</summary>
public sealed class Verdict
{
    /// <summary>Gets the claim as a sentence.</summary>
    public required string Claim { get; init; }

    /// <summary>Gets the place of the claim.</summary>
    public required Location At { get; init; }

    /// <summary>Gets the answer.</summary>
    public required Answer Answer { get; init; }

    /// <summary>Gets the answer in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets the packet that refutes the claim or is stopped; null when there is none.</summary>
    public string? Packet { get; init; }

    /// <summary>Gets the way of the packet, or for a blocked claim every control that stops it.</summary>
    public IReadOnlyList<VerdictStep> Steps { get; init; } = [];

    /// <summary>Gets what is missing for an answer.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>Gets what a reader should know beside the answer: how far a layer goes, for which ports it holds.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
