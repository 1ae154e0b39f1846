using System.Text.Json.Serialization;

namespace Pipeline.Cli;

/// <summary>What determines the bytes of a photo's outputs beside the photo: each option that changes them, and nothing else. Immutable.</summary>
/// <remarks>
/// The options are read into it; orders to worker processes, the fingerprint for <c>--resume</c> and the ledger, and the report take it whole. So an option
/// that is added here is forgotten nowhere.
/// </remarks>
internal sealed record PhotoRecipe
{
    /// <summary>Gets the widths of the outputs in pixels, each once.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [3840, 1920, 256];

    /// <summary>Gets a value indicating whether photos narrower than a width are enlarged to it.</summary>
    public bool Enlarge { get; init; }

    /// <summary>Gets the sigma of the Gaussian blur in pixels of the output; 0 for none.</summary>
    public double Blur { get; init; }

    /// <summary>Gets the amount of sharpening; 0 for none.</summary>
    public double Sharpen { get; init; }

    /// <summary>Gets the picture to lay over the photos; null for none.</summary>
    public string? Watermark { get; init; }

    /// <summary>Gets the opacity of the watermark, 0 to 1.</summary>
    public double Opacity { get; init; } = 0.4;

    /// <summary>Gets where the watermark goes.</summary>
    public string Position { get; init; } = "bottom-right";

    /// <summary>Gets the format of the outputs.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>Gets the quality of lossy formats, 1 to 100.</summary>
    public int Quality { get; init; } = 85;

    /// <summary>Gets a value indicating whether EXIF data goes into the outputs.</summary>
    public bool KeepMetadata { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Format"/> has no <see cref="Quality"/>.</summary>
    [JsonIgnore]
    public bool IsLossless => Format is OutputFormat.Png or OutputFormat.Tiff;

    /// <summary>Gets the name of <see cref="Format"/> as the user writes it.</summary>
    [JsonIgnore]
    public string FormatName => Format.ToString().ToLowerInvariant();

    /// <summary>Takes out what has no effect, so that recipes of the same outputs are the same.</summary>
    /// <returns>The recipe with its widths in order, no watermark options without a watermark and no quality of a lossless format.</returns>
    public PhotoRecipe Normalized() => this with
    {
        Widths = [.. Widths.Order()],
        Opacity = Watermark is null ? 0 : Opacity,
        Position = Watermark is null ? "" : Position,
        Quality = IsLossless ? 0 : Quality,
    };
}
