namespace Pipeline.Cli;

/// <summary>Thrown before any work starts when the command cannot be carried out as it was given; ends in exit code 2.</summary>
/// <param name="message">What is wrong, the value seen, the rule, and the next step.</param>
#pragma warning disable CA1064 // a tool has no public surface
internal sealed class UsageException(string message) : Exception(message);
#pragma warning restore CA1064
