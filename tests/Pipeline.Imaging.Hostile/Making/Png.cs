using System.Buffers.Binary;
using System.IO.Compression;

namespace Pipeline.Imaging.Hostile;

/// <summary>Makes PNG files chunk by chunk.</summary>
internal static class Png
{
    private static readonly uint[] s_checks = [.. Enumerable.Range(0, 256).Select(static i =>
    {
        uint c = (uint)i;
        for (int k = 0; k < 8; k++)
            c = (c & 1) == 1 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    public static byte[] Of(params byte[][] chunks) => [.. Signature, .. chunks.SelectMany(static chunk => chunk)];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static byte[] Chunk(string type, params byte[] content)
    {
        byte[] chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        for (int i = 0; i < 4; i++)
            chunk[4 + i] = (byte)type[i];
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Check(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    public static byte[] Header(int width, int height, byte depth, byte color, byte interlace = 0) =>
        Chunk("IHDR", [.. Opcodes.Long((uint)width), .. Opcodes.Long((uint)height), depth, color, 0, 0, interlace]);

    public static byte[] Deflate(byte[] content)
    {
        using MemoryStream target = new();
        using (ZLibStream zlib = new(target, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(content);
        return target.ToArray();
    }

    /// <summary>Makes the four quadrants with 8 bits of red, green and blue.</summary>
    public static byte[] Quadrants(int width, int height, params byte[][] beforeData)
    {
        List<byte> rows = [];
        for (int y = 0; y < height; y++)
        {
            rows.Add(0);
            for (int x = 0; x < width; x++)
            {
                (byte r, byte g, byte b) = Mosaic.QuadrantAt(x, y, width, height);
                rows.AddRange([r, g, b]);
            }
        }

        return Of([Header(width, height, 8, 2), .. beforeData, Chunk("IDAT", Deflate([.. rows])), Chunk("IEND")]);
    }

    public static uint Check(ReadOnlySpan<byte> bytes)
    {
        uint c = 0xFFFFFFFF;
        foreach (byte value in bytes)
            c = s_checks[(c ^ value) & 255] ^ (c >> 8);
        return ~c;
    }
}
