namespace Pipeline.Cli;

/// <summary>What a job is going to do, found out before any work. Immutable.</summary>
/// <param name="Settings">What the user asked for.</param>
/// <param name="Inputs">What the input holds.</param>
/// <param name="Outputs">The photos and their output names.</param>
/// <param name="Fingerprint">The fingerprint of the recipe.</param>
internal sealed record JobPlan(PhotoJobSettings Settings, InputSet Inputs, OutputPlan Outputs, string Fingerprint)
{
    /// <summary>Gets the photos to process: all, or those that no earlier run has finished.</summary>
    public IReadOnlyList<PlannedPhoto> ToDo { get; init; } = [];

    /// <summary>Gets the files that must not be replaced: all inputs.</summary>
    public IReadOnlySet<string> ProtectedFiles { get; init; } = new HashSet<string>();
}
