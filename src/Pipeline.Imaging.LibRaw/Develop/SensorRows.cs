using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging.LibRaw.Develop;

/// <summary>
/// Rows of balanced sensor light with their green and color-difference planes, kept only as long as the rows around them need them.
/// Above, below and beside the sensor its rows and columns are mirrored at the outermost ones, which keeps the colors in their places.
/// </summary>
/// <remarks>
/// Used by one thread. All arithmetic is per element, so the width of the vector unit does not change a result. The loops are compiled fully optimized
/// at once: a run over few photos would otherwise spend a second per worker in first-tier code.
/// </remarks>
internal sealed unsafe class SensorRows : IDisposable
{
    /// <summary>Elements in front of and behind each row that may be read.</summary>
    public const int Border = 16;

    private const int LightRows = 8; // y - 3 to y + 3 are needed at once
    private const int PlaneRows = 4; // y - 1 to y + 1 are needed at once
    private readonly BayerSensor _sensor;
    private readonly int _length;
    private readonly float* _memory;
    private int _lightDone = -4; // the next virtual row to load
    private int _greenDone = -1; // the next virtual row to interpolate

    public SensorRows(BayerSensor sensor)
    {
        _sensor = sensor;
        // Vector loops run over the end of a row by less than one vector.
        _length = ((sensor.Width + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count) + (2 * Border);
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(_length * (LightRows + (2 * PlaneRows)) * sizeof(float)), 64);
        new Span<float>(_memory, _length * (LightRows + (2 * PlaneRows))).Clear();
    }

    /// <summary>Gets a row of light: the sensor's own values, black subtracted, balanced, 0 to 1.</summary>
    public float* Light(int y) => _memory + (_length * (y & (LightRows - 1))) + Border;

    /// <summary>Gets a row of green, measured or interpolated.</summary>
    public float* Green(int y) => _memory + (_length * (LightRows + (y & (PlaneRows - 1)))) + Border;

    /// <summary>Gets a row of light minus green: the color difference where the sensor has red or blue, 0 where it has green.</summary>
    public float* Difference(int y) => _memory + (_length * (LightRows + PlaneRows + (y & (PlaneRows - 1)))) + Border;

    /// <summary>Makes the planes of a row and of its neighbors available. Rows are asked for in rising order.</summary>
    public void Advance(int y)
    {
        for (; _greenDone <= y + 1; _greenDone++)
        {
            for (; _lightDone <= _greenDone + 3; _lightDone++)
                LoadLight(_lightDone);
            InterpolateGreen(_greenDone);
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    /// <summary>Loads one row without its planes, for half-size output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LoadLight(BayerSensor sensor, int y, float* row)
    {
        int even = 2 * (y & 1), odd = even + 1, width = sensor.Width;
        ushort* values = sensor.Values + ((long)y * sensor.Pitch);
        Vector<float> black = Alternate(sensor.Black[even], sensor.Black[odd]), scale = Alternate(sensor.Scale[even], sensor.Scale[odd]);
        int x = 0;
        for (; x + Vector<ushort>.Count <= width; x += Vector<ushort>.Count)
        {
            Vector.Widen(Vector.Load(values + x), out Vector<uint> low, out Vector<uint> high);
            Vector.Store(Balance(low), row + x);
            Vector.Store(Balance(high), row + x + Vector<float>.Count);
        }

        for (; x < width; x++)
            row[x] = Math.Min(Math.Max(values[x] - sensor.Black[even + (x & 1)], 0) * sensor.Scale[even + (x & 1)], 1);

        Vector<float> Balance(Vector<uint> raw) =>
            Vector.Min(Vector.Max(Vector.ConvertToSingle(Vector.AsVectorInt32(raw)) - black, Vector<float>.Zero) * scale, Vector<float>.One);
    }

    private static Vector<float> Alternate(float even, float odd)
    {
        Span<float> lanes = stackalloc float[Vector<float>.Count];
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] = (i & 1) == 0 ? even : odd;
        return new Vector<float>(lanes);
    }

    /// <summary>Mirrors a position at the outermost rows or columns.</summary>
    private static int Mirror(int at, int count) => at < 0 ? -at : at >= count ? (2 * count) - 2 - at : at;

    private static void MirrorEnds(float* row, int width, int reach)
    {
        for (int i = 1; i <= reach; i++)
        {
            row[-i] = row[i];
            row[width - 1 + i] = row[width - 1 - i];
        }
    }

    private void LoadLight(int y)
    {
        float* row = Light(y);
        LoadLight(_sensor, Mirror(y, _sensor.Height), row);
        MirrorEnds(row, _sensor.Width, 4);
    }

    // Patterned pixel grouping, Chuan-kai Lin 2003: of the horizontal and the vertical estimate the one across which the picture changes less, held
    // between the two green neighbors it came from.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InterpolateGreen(int y)
    {
        int colors = 2 * (y & 1), width = _sensor.Width;
        Vector<int> isGreen = _sensor.Colors[colors] == 1 ? EvenLanes() : ~EvenLanes();
        float* row = Light(y), up1 = Light(y - 1), up2 = Light(y - 2), up3 = Light(y - 3), down1 = Light(y + 1), down2 = Light(y + 2), down3 = Light(y + 3);
        float* green = Green(y), difference = Difference(y);
        var quarter = new Vector<float>(0.25f);
        for (int x = 0; x < width; x += Vector<float>.Count)
        {
            Vector<float> center = Vector.Load(row + x);
            Vector<float> left = Vector.Load(row + x - 1), right = Vector.Load(row + x + 1), left2 = Vector.Load(row + x - 2), right2 = Vector.Load(row + x + 2);
            Vector<float> above = Vector.Load(up1 + x), below = Vector.Load(down1 + x), above2 = Vector.Load(up2 + x), below2 = Vector.Load(down2 + x);
            Vector<float> across = Change(center, left, right, left2, right2, Vector.Load(row + x - 3), Vector.Load(row + x + 3));
            Vector<float> along = Change(center, above, below, above2, below2, Vector.Load(up3 + x), Vector.Load(down3 + x));
            Vector<float> horizontal = Estimate(center, left, right, left2, right2, quarter), vertical = Estimate(center, above, below, above2, below2, quarter);
            Vector<float> chosen = Vector.ConditionalSelect(Vector.LessThanOrEqual(across, along), horizontal, vertical);
            chosen = Vector.ConditionalSelect(isGreen, center, chosen);
            Vector.Store(chosen, green + x);
            Vector.Store(center - chosen, difference + x);
        }

        MirrorEnds(green, width, 1);
        MirrorEnds(difference, width, 1);
    }

    private static Vector<float> Change(Vector<float> center, Vector<float> before, Vector<float> after, Vector<float> before2, Vector<float> after2, Vector<float> before3, Vector<float> after3)
    {
        Vector<float> near = Vector.Abs(before2 - center) + Vector.Abs(after2 - center) + Vector.Abs(before - after);
        Vector<float> far = Vector.Abs(after3 - after) + Vector.Abs(before3 - before);
        return (near * 3) + (far + far);
    }

    private static Vector<float> Estimate(Vector<float> center, Vector<float> before, Vector<float> after, Vector<float> before2, Vector<float> after2, Vector<float> quarter)
    {
        Vector<float> sum = before + center + after;
        Vector<float> estimate = (sum + sum - before2 - after2) * quarter;
        return Vector.Min(Vector.Max(estimate, Vector.Min(before, after)), Vector.Max(before, after));
    }

    /// <summary>Gets a mask that selects the lanes of even columns.</summary>
    public static Vector<int> EvenLanes()
    {
        Span<int> lanes = stackalloc int[Vector<int>.Count];
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] = (i & 1) == 0 ? -1 : 0;
        return new Vector<int>(lanes);
    }
}
