namespace Pipeline.Cli;

/// <summary>One photo that failed.</summary>
/// <param name="Source">The photo as the user can recognize it.</param>
/// <param name="Stage">The stage that failed it; <c>input</c> when it could not even be looked at.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">Why, in one line.</param>
internal sealed record PhotoFailureInfo(string Source, string Stage, int Attempts, string Error);
