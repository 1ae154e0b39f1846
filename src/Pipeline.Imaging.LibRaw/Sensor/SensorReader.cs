namespace Pipeline.Imaging.LibRaw;

/// <summary>Reads the unpacked sensor data of a plain Bayer camera out of LibRaw, or says that LibRaw has to develop the file itself.</summary>
internal static unsafe class SensorReader
{
    private const uint FixedMaximum = 1 << 8; // LIBRAW_DECODER_FIXEDMAXC
    private const float MaximumThreshold = 0.75f; // LIBRAW_DEFAULT_ADJUST_MAXIMUM_THRESHOLD

    // LibRaw's flip mirrors columns (1), rows (2) and swaps both (4); EXIF 2.3 4.6.4 numbers the same eight cases.
    private static readonly int[] s_orientationOfFlip = [1, 2, 4, 3, 5, 8, 6, 7];

    /// <summary>Reads the sensor after unpacking.</summary>
    /// <returns>Null for anything but a plain 2 x 2 Bayer sensor with known white balance, and for an unknown layout. Valid until LibRaw's handle is
    /// closed.</returns>
    public static SensorImage? TryRead(LibRawLibrary library, nint handle)
    {
        byte* data = (byte*)handle;
        if (!IsKnownLayout(library, handle, data) || !IsPlainBayer(data))
            return null;

        int width =
            UInt16(data, SensorLayout.Width), height = UInt16(data, SensorLayout.Height), stride = Int32(data, SensorLayout.RawPitch) / 2;
        int top =
            UInt16(data, SensorLayout.TopMargin), left = UInt16(data, SensorLayout.LeftMargin), rows = UInt16(data, SensorLayout.RawHeight);
        int flip = Int32(data, SensorLayout.Flip);
        if (width < 16
            || height < 16
            || left + width > stride
            || top + height > rows
            || (long)stride * rows > int.MaxValue
            || flip is < 0 or > 7)
            return null;
        if (PatternOf((uint)Int32(data, SensorLayout.Filters)) is not { } pattern)
            return null;

        float[] black = BlackLevels(data);
        float least = black.Min(), maximum = (uint)Int32(data, SensorLayout.Maximum) - least;
        if (!(maximum > 0) || black.Any(b => b >= least + (maximum * MaximumThreshold)))
            return null;
        float* balance = (float*)(data + SensorLayout.CameraMultipliers);
        SensorImage image = new()
        {
            Samples = new UnpackedSamples(*(ushort**)(data + SensorLayout.RawImage), stride * rows).Memory,
            RowStride = stride,
            Left = left,
            Top = top,
            Width = width,
            Height = height,
            Pattern = pattern,
            BlackLevels = black,
            WhiteLevel = least + maximum,
            WhiteBalance = [balance[0], balance[1], balance[2]],
            CameraToSrgb = Matrix((float*)(data + SensorLayout.CameraToSrgb)),
            Orientation = s_orientationOfFlip[flip],
        };
        return library.IsDng(handle) || (library.DecoderFlags(handle) & FixedMaximum) != 0
            ? image
            : image with { WhiteLevel = least + Adjust(maximum, SensorMaximum.Find(image)) };
    }

    // Two bits per site, two columns, rows repeating; LibRaw tells the two greens apart as 1 and 3 until it interpolates.
    private static BayerPattern? PatternOf(uint filters)
    {
        return (Color(0), Color(1), Color(2), Color(3)) switch
        {
            (0, 1, 1, 2) => BayerPattern.Rggb,
            (2, 1, 1, 0) => BayerPattern.Bggr,
            (1, 0, 2, 1) => BayerPattern.Grbg,
            (1, 2, 0, 1) => BayerPattern.Gbrg,
            _ => null,
        };

        int Color(int site) => ((int)(filters >> (2 * site)) & 3) is var color and not 3 ? color : 1;
    }

    // A common level, one per color, and one per site of a repeated block (LibRaw, cblack[4] rows by cblack[5] columns from cblack[6] on).
    private static float[] BlackLevels(byte* data)
    {
        uint filters = (uint)Int32(data, SensorLayout.Filters), common = (uint)Int32(data, SensorLayout.Black);
        uint* levels = (uint*)(data + SensorLayout.PatternBlack);
        float[] black = new float[4];
        for (int site = 0; site < 4; site++)
        {
            uint row = (uint)site >> 1, column = (uint)site & 1;
            uint color = (filters >> (site << 1)) & 3;
            black[site] = common + levels[color] + (
                levels[4] > 0 && levels[5] > 0 ? levels[6 + (row % levels[4] * levels[5]) + (column % levels[5])] : 0);
        }

        return black;
    }

    /// <summary>Lowers the white level to the brightest value where no pixel reaches it, as LibRaw does by default.</summary>
    private static float Adjust(float maximum, float found) => found > maximum * MaximumThreshold && found < maximum ? found : maximum;

    private static bool IsKnownLayout(LibRawLibrary library, nint handle, byte* data)
    {
        if (library.VersionNumber >> 8 != SensorLayout.VersionMinor || sizeof(nint) != 8)
            return false;
        bool known = UInt16(data, SensorLayout.RawWidth) == library.RawWidth(handle)
            && UInt16(data, SensorLayout.RawHeight) == library.RawHeight(handle)
            && UInt16(data, SensorLayout.Width) == library.ImageWidth(handle)
            && UInt16(data, SensorLayout.Height) == library.ImageHeight(handle)
            && Int32(data, SensorLayout.Maximum) == library.ColorMaximum(handle);
        for (int i = 0; i < 4; i++)
            known &= ((float*)(data + SensorLayout.CameraMultipliers))[i].Equals(library.CameraMultiplier(handle, i));
        for (int i = 0; i < 12; i++)
            known &= ((float*)(data + SensorLayout.CameraToSrgb))[i].Equals(library.CameraToSrgb(handle, i / 4, i % 4));
        return known;
    }

    // Everything that LibRaw would treat in a special way is left to it.
    private static bool IsPlainBayer(byte* data)
    {
        uint* pattern = (uint*)(data + SensorLayout.PatternBlack);
        float* balance = (float*)(data + SensorLayout.CameraMultipliers);
        uint filters = (uint)Int32(data, SensorLayout.Filters);
        bool repeats = filters > 1000 && (filters & 0xFF) * 0x01010101u == filters;
        bool onlyRaw = *(nint*)(data + SensorLayout.RawImage) != 0
            && new ReadOnlySpan<nint>(data + SensorLayout.OtherImages, SensorLayout.OtherImageCount).IndexOfAnyExcept(0) < 0;
        return repeats
            && onlyRaw
            && Int32(data, SensorLayout.Colors) == 3
            && Int32(data, SensorLayout.IsFoveon) == 0
            && *(double*)(data + SensorLayout.PixelAspect) == 1
            && pattern[4] <= 2
            && pattern[5] <= 2
            && balance[0] > 1e-5f
            && balance[1] > 1e-5f
            && balance[2] > 1e-5f
            && (balance[3] == 0 || balance[3].Equals(balance[1]))
            && new ReadOnlySpan<byte>(data + SensorLayout.White, SensorLayout.WhiteBytes).IndexOfAnyExcept((byte)0) < 0
            && Int32(data, SensorLayout.AsShotBalanceApplied) == 0
            && Int32(data, SensorLayout.MixGreen) == 0
            && Int32(data, SensorLayout.RawColor) == 0
            && Int32(data, SensorLayout.ZeroIsBad) == 0
            && UInt16(data, SensorLayout.FujiWidth) == 0;
    }

    // rgb_cam is 3 x 4; the fourth column belongs to four-color cameras.
    private static float[] Matrix(float* rows) => [rows[0], rows[1], rows[2], rows[4], rows[5], rows[6], rows[8], rows[9], rows[10]];
    private static int Int32(byte* data, int offset) => *(int*)(data + offset);
    private static int UInt16(byte* data, int offset) => *(ushort*)(data + offset);
}
