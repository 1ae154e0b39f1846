using System.Buffers.Binary;

namespace Pipeline.Imaging.Hostile;

/// <summary>Makes opcode lists of DNG (DNG 1.4, chapter 6).</summary>
internal static class Opcodes
{
    /// <summary>Makes a list of opcodes.</summary>
    /// <param name="stated">How many the list says it has; null for the truth.</param>
    /// <param name="opcodes">Identifier, whether it may be left out, and parameters.</param>
    public static byte[] List(uint? stated, params (uint Id, bool IsOptional, byte[] Parameters)[] opcodes)
    {
        List<byte> list = [.. Long(stated ?? (uint)opcodes.Length)];
        foreach ((uint id, bool isOptional, byte[] parameters) in opcodes)
            list.AddRange([.. Long(id), 1, 3, 0, 0, .. Long(isOptional ? 1u : 0u), .. Long((uint)parameters.Length), .. parameters]);
        return [.. list];
    }

    /// <summary>Makes a gain map of one value per corner for one place of the 2 x 2 pattern, or for all places.</summary>
    public static byte[] GainMap(int width, int height, int top, int left, int pitch, float[] corners) =>
    [
        .. Long((uint)top), .. Long((uint)left), .. Long((uint)height), .. Long((uint)width), .. Long(0), .. Long(1), .. Long((uint)pitch), .. Long((uint)pitch), .. Long(2), .. Long(2),
        .. Real(1), .. Real(1), .. Real(0), .. Real(0), .. Long(1), .. corners.SelectMany(Single),
    ];

    /// <summary>Makes a radial vignette correction around the middle: gain 1 + k0 r2 + ... + k4 r10.</summary>
    public static byte[] Vignette(params double[] coefficients) => [.. coefficients.SelectMany(Real), .. Real(0.5), .. Real(0.5)];

    /// <summary>Makes a rectilinear warp of one plane around the middle.</summary>
    public static byte[] Warp(params double[] coefficients) => [.. Long(1), .. coefficients.SelectMany(Real), .. Real(0.5), .. Real(0.5)];

    /// <summary>Makes a list of bad places.</summary>
    public static byte[] BadPoints(params (uint Row, uint Column)[] points) =>
        [.. Long(0), .. Long((uint)points.Length), .. Long(0), .. points.SelectMany(static point => Long(point.Row).Concat(Long(point.Column)))];

    public static byte[] Long(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Real(double value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Single(float value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return bytes;
    }
}
