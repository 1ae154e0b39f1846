namespace Pipeline.Imaging.Hostile;

/// <summary>Something that must not be: its kind, the base file and the mutation, and what came.</summary>
internal sealed record Finding(string Kind, string Base, int Number, string What);
