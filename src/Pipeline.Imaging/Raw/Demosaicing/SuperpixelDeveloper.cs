using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>Develops at half size: each 2 x 2 sites become one pixel of their red, their blue and the mean of their two greens.</summary>
/// <remarks>Right when the picture is made at least twice smaller afterwards; at its own size it has colored fringes, because the three colors come from
/// different places.</remarks>
internal static unsafe class SuperpixelDeveloper
{
    private const int ScratchRows = 2 + 2 + 4;

    /// <summary>Gets the samples of scratch memory that a band needs.</summary>
    public static int ScratchSamples(int width) => RowRing.StrideFor((width + 1) / 2) * ScratchRows;

    /// <summary>Develops rows of the half-size picture.</summary>
    /// <param name="image">The sensor image.</param>
    /// <param name="rows">Its samples.</param>
    /// <param name="scaler">Its scaler.</param>
    /// <param name="scratch">Memory of <see cref="ScratchSamples"/>.</param>
    /// <param name="from">The first row of the half-size picture.</param>
    /// <param name="to">The row behind the last one.</param>
    /// <param name="writer">Takes the rows.</param>
    /// <param name="vectors">Whether to use vector instructions.</param>
    /// <param name="cancellationToken">Checked at each row.</param>
    public static void Develop(
        SensorImage image, SampleRows rows, SampleScaler scaler, short* scratch, int from, int to,
        PixelWriter writer, bool vectors, CancellationToken cancellationToken)
    {
        int stride = RowRing.StrideFor((image.Width + 1) / 2);
        RowRing even = RowRing.Take(ref scratch, stride, 2), odd = RowRing
            .Take(ref scratch, stride, 2), planes = RowRing
            .Take(ref scratch, stride, 4);
        Planes pixels = new(planes[0], planes[1], planes[2]);
        ColorMatrix matrix = new(image.CameraToSrgb);
        bool firstIsEven = image.Pattern.FirstChromaColumn(0) == 0, firstIsRed = image.Pattern.IsRedRow(0);
        for (int row = from; row < to; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scaler.Scale(rows, 2 * row, even[0], odd[0]);
            scaler.Scale(rows, (2 * row) + 1, even[1], odd[1]);
            short* first = firstIsEven ? even[0] : odd[0], firstGreen = firstIsEven ? odd[0] : even[0];
            short* second = firstIsEven ? odd[1] : even[1], secondGreen = firstIsEven ? even[1] : odd[1];
            if (firstIsRed)
                Convert(image.Width / 2, first, firstGreen, secondGreen, second, matrix, pixels, vectors);
            else
                Convert(image.Width / 2, second, firstGreen, secondGreen, first, matrix, pixels, vectors);
            writer.Write(row, pixels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert(
        int count, short* red, short* green1, short* green2, short* blue, ColorMatrix matrix, Planes pixels, bool vectors)
    {
        if (!vectors)
        {
            for (int i = 0; i < count; i++)
                (pixels.Red[i], pixels.Green[i], pixels.Blue[i]) = matrix.Convert(red[i], (green1[i] + green2[i] + 1) >> 1, blue[i]);
            return;
        }

        for (int i = 0; i < count; i += Vector<short>.Count)
        {
            Vector<short> green = Vector.ShiftRightArithmetic(Vector.Load(green1 + i) + Vector.Load(green2 + i) + Vector<short>.One, 1);
            matrix.Convert(Vector.Load(red + i), green, Vector.Load(blue + i), pixels, i);
        }
    }
}
