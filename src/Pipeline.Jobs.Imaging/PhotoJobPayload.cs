namespace Pipeline.Jobs.Imaging;

/// <summary>What a photo job is given.</summary>
public sealed record PhotoJobPayload
{
    /// <summary>Gets the photos.</summary>
    /// <value>1 to 1,000; no two have the same name.</value>
    public required IReadOnlyList<PhotoJobInput> Inputs { get; init; }

    /// <summary>Gets the widths of the outputs.</summary>
    /// <value>Pixels, 1 to 65,535 each; default 3840, 1920 and 256.</value>
    public IReadOnlyList<int> Sizes { get; init; } = [3840, 1920, 256];

    /// <summary>Gets the sigma of the blur.</summary>
    /// <value>0.1 to 50 pixels of the output; 0, the default, for none.</value>
    public double Blur { get; init; }

    /// <summary>Gets the amount of the unsharp mask.</summary>
    /// <value>0.01 to 10; 0, the default, for none.</value>
    public double Sharpen { get; init; }

    /// <summary>Gets the artifact that is laid over every output; null for none.</summary>
    public string? Watermark { get; init; }

    /// <summary>Gets the opacity of the watermark.</summary>
    /// <value>0 to 1; default 0.4.</value>
    public double Opacity { get; init; } = 0.4;

    /// <summary>Gets the format: jpeg, png, webp, avif or tiff.</summary>
    /// <value>Default <c>jpeg</c>.</value>
    public string Format { get; init; } = "jpeg";

    /// <summary>Gets the quality of jpeg, webp and avif.</summary>
    /// <value>1 to 100; default 85.</value>
    public int Quality { get; init; } = 85;

    /// <summary>Gets a value indicating whether EXIF data is kept.</summary>
    /// <value>Default false.</value>
    public bool KeepMetadata { get; init; }

    /// <summary>Gets a value indicating whether photos narrower than a width are enlarged.</summary>
    /// <value>Default false.</value>
    public bool Enlarge { get; init; }
}
