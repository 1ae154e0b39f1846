namespace Pipeline.Imaging;

/// <summary>The TIFF 6.0, TIFF/EP, EXIF 2.3 and DNG 1.4 tags that are read or written here.</summary>
internal static class TiffTag
{
    public const ushort NewSubfileType = 254;
    public const ushort ImageWidth = 256;
    public const ushort ImageLength = 257;
    public const ushort BitsPerSample = 258;
    public const ushort Compression = 259;
    public const ushort Photometric = 262;
    public const ushort ImageDescription = 270;
    public const ushort Make = 271;
    public const ushort Model = 272;
    public const ushort StripOffsets = 273;
    public const ushort Orientation = 274;
    public const ushort SamplesPerPixel = 277;
    public const ushort RowsPerStrip = 278;
    public const ushort StripByteCounts = 279;
    public const ushort PlanarConfiguration = 284;
    public const ushort Software = 305;
    public const ushort DateTime = 306;
    public const ushort Artist = 315;
    public const ushort TileWidth = 322;
    public const ushort TileLength = 323;
    public const ushort TileOffsets = 324;
    public const ushort TileByteCounts = 325;
    public const ushort SubIfds = 330;
    public const ushort JpegOffset = 513;
    public const ushort JpegLength = 514;
    public const ushort CfaRepeatPatternDim = 33421;
    public const ushort CfaPattern = 33422;
    public const ushort Copyright = 33432;
    public const ushort ExposureTime = 33434;
    public const ushort FNumber = 33437;
    public const ushort ExifIfd = 34665;
    public const ushort GpsIfd = 34853;
    public const ushort Iso = 34855;
    public const ushort ExifVersion = 36864;
    public const ushort DateTimeOriginal = 36867;
    public const ushort FocalLength = 37386;
    public const ushort MakerNote = 37500;
    public const ushort UserComment = 37510;
    public const ushort PixelXDimension = 40962;
    public const ushort PixelYDimension = 40963;
    public const ushort InteroperabilityIfd = 40965;
    public const ushort DngVersion = 50706;
    public const ushort DngBackwardVersion = 50707;
    public const ushort UniqueCameraModel = 50708;
    public const ushort CfaPlaneColor = 50710;
    public const ushort CfaLayout = 50711;
    public const ushort BlackLevelRepeatDim = 50713;
    public const ushort BlackLevel = 50714;
    public const ushort WhiteLevel = 50717;
    public const ushort ColorMatrix1 = 50721;
    public const ushort AsShotNeutral = 50728;
    public const ushort CalibrationIlluminant1 = 50778;
}
