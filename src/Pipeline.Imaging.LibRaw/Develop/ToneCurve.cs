namespace Pipeline.Imaging.LibRaw.Develop;

/// <summary>The step from linear light to 8-bit output values: ITU-R BT.709, which LibRaw and dcraw take by default.</summary>
internal static class ToneCurve
{
    /// <summary>The number of steps of linear light. Coarser ones would show in the shadows, finer ones would not fit the fastest cache.</summary>
    public const int Steps = 16384;

    // The constants at which the line and the power meet with equal slope, to double precision (the standard rounds them to 0.018 and 0.099).
    private const double Knee = 0.018053968510807;
    private const double Offset = 0.09929682680944;

    /// <summary>Gets the output value for each step: the first 8 of 16 bits, as LibRaw takes them, so that its methods and this engine are equally bright.</summary>
    public static byte[] Table { get; } = MakeTable();

    /// <summary>Computes the output for linear light.</summary>
    /// <param name="linear">0 to 1.</param>
    /// <returns>0 to 1.</returns>
    public static double Encode(double linear) => linear < Knee ? 4.5 * linear : ((1 + Offset) * Math.Pow(linear, 0.45)) - Offset;

    private static byte[] MakeTable()
    {
        byte[] table = new byte[Steps];
        for (int i = 0; i < Steps; i++)
            table[i] = (byte)Math.Min(255, 256 * Encode(i / (double)(Steps - 1)));
        return table;
    }
}
