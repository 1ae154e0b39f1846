namespace Pipeline.Sync;

/// <summary>One charge as a journal has it.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Units">Its units; positive for a charge, any sign but zero for a correction.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Account">The account, as <see cref="BillingLedger.AccountOf"/> numbers it.</param>
/// <param name="Time">When it was made, UTC.</param>
public sealed record JournalEntry(ChargeKey Key, long Units, ChargeKind Kind, long Account, DateTimeOffset Time);
