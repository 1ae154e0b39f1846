namespace Pipeline.Imaging.LibRaw;

/// <summary>Where the sensor data and what belongs to it are in libraw_data_t of LibRaw 0.22 on 64-bit systems, in bytes from its start.</summary>
/// <remarks>
/// Computed from the public header libraw_types.h of 0.22.0 and 0.22.2, which agree. Used only with that minor version, and only after the values that LibRaw's
/// documented getters return were found at these places for the file at hand (<see cref="SensorReader"/>).
/// </remarks>
internal static class SensorLayout
{
    public const int VersionMinor = 22;
    public const int RawHeight = 8;
    public const int RawWidth = 10;
    public const int Height = 12;
    public const int Width = 14;
    public const int TopMargin = 16;
    public const int LeftMargin = 18;
    public const int RawPitch = 24;
    public const int PixelAspect = 32;
    public const int Flip = 40;
    public const int IsFoveon = 528;
    public const int Colors = 532;
    public const int Filters = 536;
    public const int PatternBlack = 136664;
    public const int Black = 153080;
    public const int Maximum = 153088;
    public const int White = 153116;
    public const int WhiteBytes = 8 * 8 * 2;
    public const int CameraMultipliers = 153244;
    public const int CameraToSrgb = 153372;
    public const int AsShotBalanceApplied = 192592;
    public const int RawImage = 193776;
    public const int OtherImages = 193784;
    public const int OtherImageCount = 7;
    public const int MixGreen = 194464;
    public const int RawColor = 194468;
    public const int ZeroIsBad = 194472;
    public const int FujiWidth = 194478;
}
