namespace Pipeline.Imaging;

/// <summary>Settings of <see cref="DecodePhoto"/>. They are checked and copied when the stage is made.</summary>
public sealed class DecodeOptions
{
    /// <summary>Gets or sets how RAW sensor data becomes colors.</summary>
    /// <value>Default <see cref="Demosaic.Auto"/>.</value>
    public Demosaic Demosaic { get; set; } = Demosaic.Auto;

    /// <summary>Gets or sets the widths that later stages will make, in pixels.</summary>
    /// <value>
    /// 1 to 1,000,000 each; default none, which decodes at full size. When all of them are much smaller than the picture, it is decoded at a fraction of its
    /// size: RAW at half size, JPEG at a half, quarter or eighth, always at least twice as wide as the widest target.
    /// </value>
    public IReadOnlyList<int> TargetWidths { get; set; } = [];

    /// <summary>Gets or sets a value indicating whether EXIF metadata goes into the outputs (without orientation, thumbnail and maker notes).</summary>
    /// <value>Default false: outputs carry nothing but the picture.</value>
    public bool KeepMetadata { get; set; }

    /// <summary>Gets or sets a value indicating whether a picture with damaged data is decoded as far as possible instead of failing.</summary>
    /// <value>Default false.</value>
    public bool AcceptDamaged { get; set; }

    /// <summary>Gets or sets how many pixels a picture may have.</summary>
    /// <value>Pixels, 1 or more; default 400 million. Judged by the header, before anything is allocated.</value>
    public long MaxPixels { get; set; } = 400_000_000;

    /// <summary>Gets or sets how large a file may be.</summary>
    /// <value>Bytes, 1 or more; default 1 GiB.</value>
    public long MaxFileBytes { get; set; } = 1L << 30;

    /// <summary>Gets or sets the decoder of camera RAW files.</summary>
    /// <value>Null, the default, takes a <see cref="DevelopingRawDecoder"/>, with the decoder of the package Pipeline.Imaging.LibRaw behind it when the
    /// application references that.</value>
    public IRawDecoder? RawDecoder { get; set; }

    internal DecodeOptions CheckedCopy()
    {
        if (MaxPixels < 1)
            throw new ArgumentOutOfRangeException(
                nameof(MaxPixels), MaxPixels, "The pixel limit must be 1 or more. Set DecodeOptions.MaxPixels.");
        if (MaxFileBytes < 1)
            throw new ArgumentOutOfRangeException(
                nameof(MaxFileBytes), MaxFileBytes, "The file size limit must be 1 byte or more. Set DecodeOptions.MaxFileBytes.");
        if (!Enum.IsDefined(Demosaic))
            throw new ArgumentOutOfRangeException(nameof(Demosaic), Demosaic, "Unknown demosaic method.");
        ArgumentNullException.ThrowIfNull(TargetWidths);
        foreach (int width in TargetWidths)
        {
            if (width is < 1 or > 1_000_000)
                throw new ArgumentOutOfRangeException(nameof(TargetWidths), width, "A target width must be 1 to 1,000,000 pixels.");
        }

        DecodeOptions copy = (DecodeOptions)MemberwiseClone();
        copy.TargetWidths = [.. TargetWidths];
        return copy;
    }
}
