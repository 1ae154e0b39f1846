namespace Pipeline.Jobs.Imaging;

/// <summary>One photo of a job.</summary>
/// <param name="Artifact">The full name of the uploaded file.</param>
/// <param name="Name">What its outputs are called, without width and ending; may hold '/' for folders; null for the file's own name.</param>
public sealed record PhotoJobInput(string Artifact, string? Name = null);
