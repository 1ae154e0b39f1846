namespace Pipeline.Cli;

/// <summary>Which sample photos to make.</summary>
/// <param name="Folder">Where they go.</param>
/// <param name="Count">How many.</param>
/// <param name="Megapixels">The size of each, in millions of pixels.</param>
/// <param name="Seed">What the scenes are made from.</param>
internal sealed record SampleOrder(string Folder, int Count, double Megapixels, int Seed);
