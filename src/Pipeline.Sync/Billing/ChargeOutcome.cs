namespace Pipeline.Sync;

/// <summary>What became of a charge.</summary>
public enum ChargeOutcome
{
    /// <summary>It is in the journal.</summary>
    Charged = 0,

    /// <summary>This process had charged it before, with the same units; nothing was written.</summary>
    AlreadyCharged = 1,
}
