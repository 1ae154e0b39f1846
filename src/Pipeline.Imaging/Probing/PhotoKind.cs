namespace Pipeline.Imaging;

/// <summary>What a file is, by its content.</summary>
public enum PhotoKind
{
    /// <summary>Neither a picture of a supported format nor camera RAW.</summary>
    None,

    /// <summary>Camera RAW: needs an <see cref="IRawDecoder"/>.</summary>
    Raw,

    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>TIFF that is an ordinary picture.</summary>
    Tiff,

    /// <summary>WebP.</summary>
    Webp,
}
