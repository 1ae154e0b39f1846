namespace Pipeline.Testing;

/// <summary>What a search did.</summary>
/// <param name="Failing">The first failing run; null when there was none.</param>
/// <param name="Schedules">How many schedules were run to their end.</param>
/// <param name="Pruned">How many were given up because an equivalent one was run already.</param>
/// <param name="IsComplete">Whether everything the strategy promises was tried.</param>
/// <param name="Coverage">One sentence about what was covered.</param>
internal sealed record SearchOutcome(RunRecord? Failing, long Schedules, long Pruned, bool IsComplete, string Coverage);
