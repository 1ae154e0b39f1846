namespace Pipeline.Testing;

/// <summary>Who takes the next step.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Index">Which candidate, when it is a switch or a crash.</param>
internal readonly record struct Decision(DecisionKind Kind, int Index = 0);
