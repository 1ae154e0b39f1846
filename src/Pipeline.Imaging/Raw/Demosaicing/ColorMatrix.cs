using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>Turns camera color into linear sRGB; values are 0 to <see cref="SampleScaler.White"/> on both sides, cut at both ends and rounded.</summary>
internal readonly struct ColorMatrix(IReadOnlyList<float> rows)
{
    private readonly float _rr = rows[0], _rg = rows[1], _rb = rows[2];
    private readonly float _gr = rows[3], _gg = rows[4], _gb = rows[5];
    private readonly float _br = rows[6], _bg = rows[7], _bb = rows[8];

    /// <summary>Converts one pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (short R, short G, short B) Convert(int red, int green, int blue)
    {
        float r = red, g = green, b = blue;
        return (
            Level((r * _rr) + (g * _rg) + (b * _rb)),
            Level((r * _gr) + (g * _gg) + (b * _gb)),
            Level((r * _br) + (g * _bg) + (b * _bb)));
    }

    /// <summary>Converts a vector of pixels and stores it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Convert(Vector<short> red, Vector<short> green, Vector<short> blue, Planes target, int at)
    {
        Vector<float> r = Vector.ConvertToSingle(Vector.WidenLower(red));
        Vector<float> g = Vector.ConvertToSingle(Vector.WidenLower(green));
        Vector<float> b = Vector.ConvertToSingle(Vector.WidenLower(blue));
        Vector<float> r2 = Vector.ConvertToSingle(Vector.WidenUpper(red));
        Vector<float> g2 = Vector.ConvertToSingle(Vector.WidenUpper(green));
        Vector<float> b2 = Vector.ConvertToSingle(Vector.WidenUpper(blue));
        Vector.Narrow(Level((r * _rr) + (g * _rg) + (b * _rb)), Level((r2 * _rr) + (g2 * _rg) + (b2 * _rb))).Store(target.Red + at);
        Vector.Narrow(Level((r * _gr) + (g * _gg) + (b * _gb)), Level((r2 * _gr) + (g2 * _gg) + (b2 * _gb))).Store(target.Green + at);
        Vector.Narrow(Level((r * _br) + (g * _bg) + (b * _bb)), Level((r2 * _br) + (g2 * _bg) + (b2 * _bb))).Store(target.Blue + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Level(Vector<float> value) =>
        Vector.ConvertToInt32Native(
            Vector.Min(Vector.Max(value + new Vector<float>(0.5f), Vector<float>.Zero), new Vector<float>(SampleScaler.White)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short Level(float value) => (short)MathF.Min(MathF.Max(value + 0.5f, 0), SampleScaler.White);
}
