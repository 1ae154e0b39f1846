namespace Pipeline.Imaging.Hostile;

/// <summary>Makes a NEF as Nikon's cameras write it: a thumbnail first, the sensor in a second directory, lossless differences with the table in the maker note.</summary>
internal static class NikonRaw
{
    private const int Start = 2048;

    public static byte[] Write(int[][] rows, string model = "NIKON D850")
    {
        int height = rows.Length, width = rows[0].Length;
        BitPacker bits = new(stuffs: false);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                DifferenceCodes.Nikon.Put(bits, rows[y][x] - (x >= 2 ? rows[y][x - 2] : y >= 2 ? rows[y - 2][x] : Start));
        }

        byte[] curve = [0x46, 0x30, .. TiffValue.Short(Start, Start, Start, Start, 0).Bytes(false), .. new byte[32]];
        TiffFolder note = new TiffFolder().Set(1, TiffValue.Undefined("0211"u8.ToArray())).Set(0x0C, TiffValue.Rational(1.9, 1.5, 1, 1))
            .Set(0x3D, TiffValue.Short(512, 512, 512, 512)).Set(0x96, TiffValue.Undefined(curve));
        byte[] noteBytes = [.. "Nikon\0"u8, 2, 0x10, 0, 0, .. TiffFileMaker.Write(note)];
        TiffFolder sensor = new TiffFolder().Set(254, TiffValue.Long(0)).Set(256, TiffValue.Long((uint)width)).Set(257, TiffValue.Long((uint)height)).Set(258, TiffValue.Short(14))
            .Set(259, TiffValue.Short(34713)).Set(262, TiffValue.Short(32803)).Set(277, TiffValue.Short(1)).Set(278, TiffValue.Long((uint)height)).Set(284, TiffValue.Short(1))
            .Set(33421, TiffValue.Short(2, 2)).Set(33422, TiffValue.Byte(0, 1, 1, 2)).SetBlocks(273, 279, [.. bits.ToArray(), .. new byte[16]]);
        TiffFolder exif = new TiffFolder().Set(33434, TiffValue.Rational(0.01)).Set(34855, TiffValue.Short(100)).Set(37500, TiffValue.Undefined(noteBytes));
        byte[] thumbnail = new byte[160 * 120 * 3];
        Array.Fill(thumbnail, (byte)0x40);
        TiffFolder first = new TiffFolder().Set(254, TiffValue.Long(1)).Set(256, TiffValue.Long(160)).Set(257, TiffValue.Long(120)).Set(258, TiffValue.Short(8, 8, 8))
            .Set(259, TiffValue.Short(1)).Set(262, TiffValue.Short(2)).Set(271, TiffValue.Ascii("NIKON CORPORATION")).Set(272, TiffValue.Ascii(model)).Set(274, TiffValue.Short(1))
            .Set(277, TiffValue.Short(3)).Set(278, TiffValue.Long(120)).SetBlocks(273, 279, thumbnail);
        first.Folders[330] = [sensor];
        first.Folders[34665] = [exif];
        return TiffFileMaker.Write(first);
    }
}
