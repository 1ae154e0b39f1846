namespace Pipeline.Cli;

/// <summary>The formats that outputs can have.</summary>
internal enum OutputFormat
{
    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG, lossless.</summary>
    Png,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>AVIF.</summary>
    Avif,

    /// <summary>TIFF, lossless.</summary>
    Tiff,
}
