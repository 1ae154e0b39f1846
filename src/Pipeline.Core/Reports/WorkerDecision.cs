namespace Pipeline.Core;

/// <summary>What the calibration of a run found about its workers or about those of one stage.</summary>
/// <param name="Stage">The stage; null for the run, whose number says how many bodies run at once over all stages.</param>
/// <param name="At">When it was decided, from the start of the run.</param>
/// <param name="Workers">The number until then.</param>
/// <param name="Recommended">The recommended number.</param>
/// <param name="IsApplied">True when the run went on with it.</param>
/// <param name="Reason">Why, as a sentence with the measured times.</param>
public sealed record WorkerDecision(string? Stage, TimeSpan At, int Workers, int Recommended, bool IsApplied, string Reason);
