namespace Pipeline.Sync;

/// <summary>What an acknowledged charge survives.</summary>
public enum Durability
{
    /// <summary>Any death of the process. One write, about 2 us. A power failure may take the last seconds.</summary>
    ProcessCrash = 0,

    /// <summary>Also a power failure: the charge is acknowledged after the disk has it. Charges made at the same time share one flush.</summary>
    PowerLoss = 1,
}
