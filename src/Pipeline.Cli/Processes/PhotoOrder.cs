namespace Pipeline.Cli;

/// <summary>What a worker process needs to know to do one photo on its own: where it is and what the user asked for. No pixels.</summary>
internal sealed record PhotoOrder
{
    /// <summary>Gets the path of the photo.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the outputs' path within the output folder, without width and extension.</summary>
    public required string OutputName { get; init; }

    /// <summary>Gets the output folder.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Gets the widths of the outputs.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Gets the sigma of the blur; 0 for none.</summary>
    public double Blur { get; init; }

    /// <summary>Gets the amount of sharpening; 0 for none.</summary>
    public double Sharpen { get; init; }

    /// <summary>Gets the watermark; null for none.</summary>
    public string? Watermark { get; init; }

    /// <summary>Gets the opacity of the watermark.</summary>
    public double Opacity { get; init; }

    /// <summary>Gets the place of the watermark.</summary>
    public required string Position { get; init; }

    /// <summary>Gets the format.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>Gets the quality.</summary>
    public int Quality { get; init; }

    /// <summary>Gets a value indicating whether EXIF data is kept.</summary>
    public bool KeepMetadata { get; init; }

    /// <summary>Gets a value indicating whether narrow photos are enlarged.</summary>
    public bool Enlarge { get; init; }

    /// <summary>Gets the folder of the licenses that all workers share; null for none.</summary>
    public string? LicenseFolder { get; init; }

    /// <summary>Gets how many filter licenses there are; 0 for no limit.</summary>
    public int FilterLicenses { get; init; }

    /// <summary>Gets how many watermark licenses there are; 0 for no limit.</summary>
    public int WatermarkLicenses { get; init; }

    /// <summary>Gets which of the job's workers does the photo, from 1: the name in messages about licenses.</summary>
    public int Worker { get; init; } = 1;

    /// <summary>Writes the order for one photo.</summary>
    public static PhotoOrder For(PhotoJobSettings settings, string path, string outputName, int worker) => new()
    {
        Worker = worker,
        Path = path,
        OutputName = outputName,
        OutputFolder = settings.OutputFolder,
        Widths = settings.Widths,
        Blur = settings.Blur,
        Sharpen = settings.Sharpen,
        Watermark = settings.Watermark,
        Opacity = settings.Opacity,
        Position = settings.Position,
        Format = settings.Format,
        Quality = settings.Quality,
        KeepMetadata = settings.KeepMetadata,
        Enlarge = settings.Enlarge,
        LicenseFolder = settings.Sharing.LicenseFolder,
        FilterLicenses = settings.Sharing.FilterLicenses,
        WatermarkLicenses = settings.Sharing.WatermarkLicenses,
    };

    /// <summary>Gets the settings of a run that does this photo alone.</summary>
    public PhotoJobSettings ToSettings() => new()
    {
        OutputFolder = OutputFolder,
        Widths = Widths,
        Blur = Blur,
        Sharpen = Sharpen,
        Watermark = Watermark,
        Opacity = Opacity,
        Position = Position,
        Format = Format,
        Quality = Quality,
        KeepMetadata = KeepMetadata,
        Enlarge = Enlarge,
        Sharing = new SharingSettings { LicenseFolder = LicenseFolder, FilterLicenses = FilterLicenses, WatermarkLicenses = WatermarkLicenses },
        Workers = 1,
        StopOnFailure = true,
    };
}
