namespace Pipeline.Sync;

/// <summary>Settings of a <see cref="BillingLedger"/>. They are checked and copied when it is opened.</summary>
public sealed class BillingLedgerOptions
{
    /// <summary>Gets or sets what an acknowledged charge survives.</summary>
    /// <value>Default <see cref="Durability.PowerLoss"/>.</value>
    public Durability Durability { get; set; } = Durability.PowerLoss;

    /// <summary>Gets or sets how many processes may charge at once.</summary>
    /// <value>Processes, 1 to 1,000; default 256. When all journals are taken, a further process can open and read the ledger, but its charges fail.</value>
    public int MaxProcesses { get; set; } = 256;

    /// <summary>Gets or sets the clock that stamps the charges.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
