namespace Pipeline.Cli;

/// <summary>Something in the input that could not be looked at.</summary>
/// <param name="Path">The path as it was given or found.</param>
/// <param name="Reason">Why not.</param>
internal sealed record InputProblem(string Path, string Reason);
