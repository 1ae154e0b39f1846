namespace Pipeline.Imaging;

/// <summary>What the directories of a TIFF-based file mean for decoding.</summary>
internal static class TiffLayout
{
    private const int CfaPhotometric = 32803;
    private const int LinearRawPhotometric = 34892;

    /// <summary>Says whether the file is camera RAW.</summary>
    /// <remarks>
    /// Opening as a TIFF proves nothing: most RAW files are TIFF containers whose first directory is a thumbnail. A file is RAW when it has sensor data (color
    /// filter array or linear RAW), a DNG version, a container mark of a camera, a compression that only cameras use, or nothing but reduced-resolution
    /// pictures in its main chain.
    /// </remarks>
    public static bool IsRaw(TiffFile tiff)
    {
        if (tiff.Magic is not (42 or 43) || tiff.IsCanonCr2)
            return true;
        bool anyFull = false;
        foreach (TiffDirectory directory in tiff.Directories)
        {
            if (IsSensorData(directory) || directory.Has(TiffTag.DngVersion))
                return true;
            // Sony and Samsung 32767-32772 except PackBits 32773, Nikon 34713, Kodak 65000, Pentax 65535.
            if (directory.Integer(TiffTag.Compression) is 32767 or 32769 or 32770 or 32772 or 34713 or 65000 or 65535)
                return true;
            anyFull |= directory.InMainChain && !directory.IsReduced && directory.Width > 0;
        }

        return tiff.Directories.Count > 0 && !anyFull && tiff.Directories[0].Has(TiffTag.Make);
    }

    /// <summary>Gets the directory that describes the picture itself.</summary>
    public static TiffDirectory? MainPicture(TiffFile tiff, bool raw)
    {
        if (!raw)
            return tiff.Directories.Count > 0 ? tiff.Directories[0] : null;
        return tiff.Directories
            .OrderByDescending(IsSensorData)
            .ThenByDescending(d => (long)d.Width * d.Height)
            .FirstOrDefault();
    }

    /// <summary>Says whether a directory describes sensor data.</summary>
    public static bool IsSensorData(TiffDirectory directory) =>
        directory.Integer(TiffTag.Photometric) is CfaPhotometric or LinearRawPhotometric;

    /// <summary>Says whether a directory describes a sensor whose filter colors repeat every 2 x 2 pixels.</summary>
    public static bool IsBayer(TiffDirectory directory) =>
        directory.Integer(TiffTag.Photometric) == CfaPhotometric && directory.Integers(TiffTag.CfaRepeatPatternDim) is [2, 2];

    /// <summary>Finds the first strip or tile of the main picture that does not lie inside the file.</summary>
    /// <returns>A sentence about it; null when all data is there.</returns>
    /// <remarks>Decoders accept some such files and return a black or half picture without an error.</remarks>
    public static string? FindMissingData(TiffFile tiff)
    {
        if (MainPicture(tiff, IsRaw(tiff)) is not { } picture)
            return null;
        return Check(TiffTag.TileOffsets, TiffTag.TileByteCounts, "tile") ?? Check(TiffTag.StripOffsets, TiffTag.StripByteCounts, "strip");

        string? Check(ushort offsetTag, ushort countTag, string what)
        {
            if (!picture.Has(offsetTag))
                return null;
            if (picture.Integers(offsetTag) is not { } offsets)
                return $"the list of its {what}s lies outside the file";
            long[] counts = picture.Integers(countTag) ?? [];
            for (int i = 0; i < offsets.Length; i++)
            {
                // A single strip may leave its length out or write 0; then only its start can be judged.
                long bytes = i < counts.Length ? counts[i] : 0;
                if (offsets[i] < 0 || offsets[i] >= tiff.Source.Length || offsets[i] > tiff.Source.Length - bytes)
                    return $"{what} {i + 1} of {offsets.Length} is at bytes {offsets[i]} to {offsets[i] + bytes}, the file ends at "
                        + $"{tiff.Source.Length}";
            }

            return null;
        }
    }
}
