namespace Pipeline.Sync;

/// <summary>What one place of a counter file contained.</summary>
/// <param name="Stripe">Its number, from 0.</param>
/// <param name="IsLive">Whether a live process owns it.</param>
/// <param name="Values">What was added there, a value per counter.</param>
public sealed record SharedCounterPart(int Stripe, bool IsLive, IReadOnlyList<long> Values);
