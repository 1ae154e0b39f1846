namespace Pipeline.Testing;

/// <summary>Thrown when a program that must fail did not: the explorer sees nothing, and its green results would mean nothing.</summary>
public sealed class ExplorerBlindException : Exception
{
    internal ExplorerBlindException(string canary, string advice)
        : base($"The explorer is blind: the canary '{canary}' must fail under some schedule, and none failed. Do not trust any result "
            + $"of this run. {advice}") => Canary = canary;

    /// <summary>Gets the canary that did not fail.</summary>
    public string Canary { get; }
}
