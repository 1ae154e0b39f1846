namespace Pipeline.Infra;

/// <summary>What a claim says about the ports between two tiers.</summary>
internal enum FlowKind
{
    /// <summary>These work and nothing else arrives.</summary>
    Only,

    /// <summary>None of these arrives.</summary>
    Never,

    /// <summary>These work.</summary>
    Reach,
}
