namespace Pipeline.Imaging;

/// <summary>Reads what the camera wrote about a picture from the EXIF directories of a file.</summary>
internal static class ExifReader
{
    /// <summary>Reads the metadata.</summary>
    /// <param name="tiff">The directories; null when the file has none.</param>
    /// <param name="keepBlock">Whether to make the EXIF block for the outputs as well.</param>
    /// <returns>Null when the file has no EXIF directories.</returns>
    public static PhotoMetadata? Read(TiffFile? tiff, bool keepBlock)
    {
        if (tiff is not { Directories: [TiffDirectory main, ..] })
            return null;
        TiffDirectory shot = tiff.Exif ?? main;
        return new PhotoMetadata
        {
            Make = main.Text(TiffTag.Make),
            Model = main.Text(TiffTag.Model),
            Taken = shot.Text(TiffTag.DateTimeOriginal) ?? main.Text(TiffTag.DateTime),
            ExposureSeconds = shot.Real(TiffTag.ExposureTime),
            FNumber = shot.Real(TiffTag.FNumber),
            Iso = shot.Integer(TiffTag.Iso) is > 0 and < int.MaxValue and var iso ? (int)iso : null,
            FocalLength = shot.Real(TiffTag.FocalLength),
            Artist = main.Text(TiffTag.Artist),
            Copyright = main.Text(TiffTag.Copyright),
            Exif = keepBlock ? ExifBlock.Write(tiff) : default,
        };
    }
}
