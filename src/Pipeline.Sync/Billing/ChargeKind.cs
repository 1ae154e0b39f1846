namespace Pipeline.Sync;

/// <summary>What an entry of the ledger is.</summary>
public enum ChargeKind
{
    /// <summary>A unit of work was published. Its units are positive.</summary>
    Charge = 0,

    /// <summary>Something charged before is changed, with a key of its own. Its units have any sign. Nothing is ever edited.</summary>
    Correction = 1,
}
