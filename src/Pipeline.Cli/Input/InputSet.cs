namespace Pipeline.Cli;

/// <summary>What the inputs of a run hold.</summary>
/// <param name="Photos">The photos in the order given; those of a folder sorted by path.</param>
/// <param name="Problems">What could not be looked at: missing paths, files and folders that cannot be read.</param>
/// <param name="PassedOver">Files in folders that are no pictures by content.</param>
/// <param name="Duplicates">How often a file was met again.</param>
internal sealed record InputSet(
    IReadOnlyList<InputPhoto> Photos,
    IReadOnlyList<InputProblem> Problems,
    IReadOnlyList<string> PassedOver,
    int Duplicates);
