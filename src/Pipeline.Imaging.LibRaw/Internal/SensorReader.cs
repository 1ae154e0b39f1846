using Pipeline.Imaging.LibRaw.Develop;

namespace Pipeline.Imaging.LibRaw.Internal;

/// <summary>Reads the unpacked sensor data of a plain Bayer camera out of LibRaw, or says that LibRaw has to develop the file itself.</summary>
internal static unsafe class SensorReader
{
    private const uint FixedMaximum = 1 << 8; // LIBRAW_DECODER_FIXEDMAXC
    private const float MaximumThreshold = 0.75f; // LIBRAW_DEFAULT_ADJUST_MAXIMUM_THRESHOLD

    /// <summary>Reads the sensor after unpacking.</summary>
    /// <returns>Null for anything but a plain 2 x 2 Bayer sensor with known white balance, and for an unknown layout. Valid until LibRaw's handle is closed.</returns>
    public static BayerSensor? TryRead(LibRawLibrary library, nint handle)
    {
        byte* data = (byte*)handle;
        if (!IsKnownLayout(library, handle, data) || !IsPlainBayer(data))
            return null;

        int width = UInt16(data, SensorLayout.Width), height = UInt16(data, SensorLayout.Height), pitch = Int32(data, SensorLayout.RawPitch) / 2;
        int top = UInt16(data, SensorLayout.TopMargin), left = UInt16(data, SensorLayout.LeftMargin);
        if (width < 16 || height < 16 || left + width > pitch || top + height > UInt16(data, SensorLayout.RawHeight))
            return null;

        uint filters = (uint)Int32(data, SensorLayout.Filters);
        uint* pattern = (uint*)(data + SensorLayout.PatternBlack);
        float* balance = (float*)(data + SensorLayout.CameraMultipliers);
        uint rows = pattern[4], columns = pattern[5];
        uint common = (uint)Int32(data, SensorLayout.Black), least = uint.MaxValue;
        int[] colors = new int[4];
        float[] black = new float[4], scale = new float[4];
        for (int i = 0; i < 4; i++)
        {
            // LibRaw tells the two greens apart as 1 and 3 until it interpolates.
            int color = (int)(filters >> ((((i >> 1) << 1) + (i & 1)) << 1)) & 3;
            uint value = common + pattern[color] + (rows > 0 && columns > 0 ? pattern[6 + ((i >> 1) % rows * columns) + ((i & 1) % columns)] : 0);
            least = Math.Min(least, value);
            black[i] = value;
            scale[i] = color == 3 && balance[3] == 0 ? balance[1] : balance[color];
            colors[i] = color == 3 ? 1 : color;
        }

        if (colors.Count(c => c == 1) != 2 || colors[0] == colors[1] || colors[0] == colors[2] || !colors.Contains(0) || !colors.Contains(2) || scale.Any(s => !(s > 1e-5f)))
            return null;

        var sensor = new BayerSensor
        {
            Values = *(ushort**)(data + SensorLayout.RawImage) + ((long)top * pitch) + left,
            Pitch = pitch,
            Width = width,
            Height = height,
            Colors = colors,
            Black = black,
            Scale = scale,
            ToSrgb = Matrix((float*)(data + SensorLayout.CameraToSrgb)),
            Flip = Int32(data, SensorLayout.Flip),
        };
        float maximum = (uint)Int32(data, SensorLayout.Maximum) - (float)least;
        if (!(maximum > 0) || sensor.Flip is < 0 or > 7)
            return null;
        if ((library.DecoderFlags(handle) & FixedMaximum) == 0)
            maximum = Adjust(maximum, SensorMaximum.Find(sensor));
        float smallest = scale.Min();
        for (int i = 0; i < 4; i++)
            scale[i] = scale[i] / smallest / maximum;
        return sensor;
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
        bool repeats = filters > 1000 && (filters & 0xFF) * 0x01010101u == filters && (filters & 0xF) * 0x11u != 0;
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
            && balance[2] > 1e-5f
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
