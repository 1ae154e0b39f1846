namespace Pipeline.Imaging;

/// <summary>A photo whose outputs are all stored.</summary>
/// <param name="SourcePath">The file that it was made from.</param>
/// <param name="Outputs">What was stored, in the order of the widths.</param>
public sealed record StoredPhoto(string SourcePath, IReadOnlyList<StoredOutput> Outputs);
