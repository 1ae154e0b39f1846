namespace Pipeline.Imaging;

/// <summary>From the color matrix of a DNG file to the matrix that the developer needs.</summary>
internal static class CameraMatrix
{
    // Linear sRGB to CIE XYZ under D65 (IEC 61966-2-1), as dcraw and LibRaw have it.
    private static readonly double[] s_srgbToXyz =
    [
        0.4124564, 0.3575761, 0.1804375,
        0.2126729, 0.7151522, 0.0721750,
        0.0193339, 0.1191920, 0.9503041,
    ];

    /// <summary>Makes the matrix from white-balanced camera color to linear sRGB.</summary>
    /// <param name="xyzToCamera">The tag ColorMatrix: CIE XYZ to camera color, 3 x 3, row-major.</param>
    /// <returns>Nine values, row-major, rows that sum to 1; null when the matrix has no usable inverse.</returns>
    /// <remarks>The method of dcraw's cam_xyz_coeff: sRGB to camera, each row scaled so that white is 1 in all three colors, inverted.</remarks>
    public static float[]? ToSrgb(ReadOnlySpan<double> xyzToCamera)
    {
        Span<double> m = stackalloc double[9];
        for (int row = 0; row < 3; row++)
        {
            double sum = 0;
            for (int column = 0; column < 3; column++)
            {
                double value = 0;
                for (int k = 0; k < 3; k++)
                    value += xyzToCamera[(row * 3) + k] * s_srgbToXyz[(k * 3) + column];
                m[(row * 3) + column] = value;
                sum += value;
            }

            if (!(sum > 1e-5))
                return null;
            for (int column = 0; column < 3; column++)
                m[(row * 3) + column] /= sum;
        }

        double determinant =
            (m[0] * ((m[4] * m[8]) - (m[5] * m[7]))) - (m[1] * ((m[3] * m[8]) - (m[5] * m[6]))) + (m[2] * ((m[3] * m[7]) - (m[4] * m[6])));
        if (!(Math.Abs(determinant) > 1e-6))
            return null;
        return
        [
            (float)(((m[4] * m[8]) - (m[5] * m[7])) / determinant),
            (float)(((m[2] * m[7]) - (m[1] * m[8])) / determinant),
            (float)(((m[1] * m[5]) - (m[2] * m[4])) / determinant),
            (float)(((m[5] * m[6]) - (m[3] * m[8])) / determinant),
            (float)(((m[0] * m[8]) - (m[2] * m[6])) / determinant),
            (float)(((m[2] * m[3]) - (m[0] * m[5])) / determinant),
            (float)(((m[3] * m[7]) - (m[4] * m[6])) / determinant),
            (float)(((m[1] * m[6]) - (m[0] * m[7])) / determinant),
            (float)(((m[0] * m[4]) - (m[1] * m[3])) / determinant),
        ];
    }
}
