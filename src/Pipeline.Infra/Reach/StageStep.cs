namespace Pipeline.Infra;

/// <summary>What one control does with one packet, and which rule decides.</summary>
internal readonly record struct StageStep(string Text, Location At);
