namespace Pipeline.Imaging.Hostile;

/// <summary>Makes a CR2 as Canon's cameras write it: a preview first, the sensor as one lossless JPEG in the fourth directory, white balance in the maker note.</summary>
internal static class CanonRaw
{
    public static byte[] Write(int[][] rows, string model = "Canon EOS 5DS R")
    {
        int width = rows[0].Length;
        byte[] sensorBytes = new LosslessJpeg { Table = DifferenceCodes.Nikon }.Write(rows);
        int[] colors = new int[1592];
        colors[0] = 13;
        (colors[63], colors[64], colors[65], colors[66]) = (2000, 1024, 1024, 1600);
        TiffFolder note = new TiffFolder().Set(6, TiffValue.Ascii(model)).Set(0x10, TiffValue.Long(0x80000401)).Set(0x4001, TiffValue.Short(colors));
        TiffFolder exif = new TiffFolder().Set(33434, TiffValue.Rational(0.01)).Set(34855, TiffValue.Short(100));
        exif.Embedded[37500] = note;
        TiffFolder sensor = new TiffFolder().Set(259, TiffValue.Short(6)).Set(0xC5D8, TiffValue.Long(1)).Set(0xC640, TiffValue.Short(0, 0, width)).SetBlocks(273, 279, sensorBytes);
        byte[] preview = [0xFF, 0xD8, 0xFF, 0xD9, .. new byte[12]];
        TiffFolder first = new TiffFolder().Set(256, TiffValue.Short(160)).Set(257, TiffValue.Short(120)).Set(258, TiffValue.Short(8, 8, 8)).Set(259, TiffValue.Short(6))
            .Set(271, TiffValue.Ascii("Canon")).Set(272, TiffValue.Ascii(model)).Set(274, TiffValue.Short(1)).SetBlocks(273, 279, preview);
        first.Folders[34665] = [exif];
        first.Next = sensor;
        return TiffFileMaker.Write(first, afterHeader: [.. "CR"u8, 2, 0, 0, 0, 0, 0], placeAfterHeader: sensor);
    }
}
