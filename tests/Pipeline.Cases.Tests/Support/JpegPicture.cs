using NetVips;

namespace Pipeline.Cases.Tests;

/// <summary>Makes JPEG files of the quadrants and puts segments into them.</summary>
internal static class JpegPicture
{
    private static readonly Lazy<byte[]> s_plain = new(static () => Encode(160, 100));

    public static byte[] Plain => [.. s_plain.Value];

    public static byte[] Encode(int width, int height, Func<int, int, (byte R, byte G, byte B)>? color = null, bool isProgressive = false)
    {
        color ??= (x, y) => Mosaic.QuadrantAt(x, y, width, height);
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, i += 3)
                (pixels[i], pixels[i + 1], pixels[i + 2]) = color(x, y);
        }

        using Image image = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar);
        using Image rgb = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return rgb.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off, interlace: isProgressive, keep: Enums.ForeignKeep.None);
    }

    /// <summary>Encodes the quadrants as a camera would that was held in one of the eight ways: turned by the tag, they are upright.</summary>
    public static byte[] Turned(int orientation)
    {
        const int Width = 160, Height = 100;
        bool isLying = orientation >= 5;
        int width = isLying ? Height : Width, height = isLying ? Width : Height;
        return Encode(width, height, (x, y) =>
        {
            (int u, int v) = orientation switch
            {
                2 => (Width - 1 - x, y),
                3 => (Width - 1 - x, Height - 1 - y),
                4 => (x, Height - 1 - y),
                5 => (y, x),
                6 => (Width - 1 - y, x),
                7 => (Width - 1 - y, Height - 1 - x),
                8 => (y, Height - 1 - x),
                _ => (x, y),
            };
            return Mosaic.QuadrantAt(u, v, Width, Height);
        });
    }

    public static byte[] Exif(int orientation, Action<TiffFolder>? change = null, bool isBigEndian = false)
    {
        TiffFolder folder = new TiffFolder().Set(274, TiffValue.Short(orientation));
        change?.Invoke(folder);
        return TiffFileMaker.Write(folder, isBigEndian);
    }

    public static byte[] Segment(byte marker, params byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    public static byte[] ExifSegment(byte[] tiff) => Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]);

    /// <summary>Puts bytes behind the start of the picture.</summary>
    public static byte[] With(byte[] jpeg, params byte[][] segments) => [0xFF, 0xD8, .. segments.SelectMany(static s => s), .. jpeg.AsSpan(2)];

    /// <summary>Finds the first segment with a marker.</summary>
    public static int Find(byte[] jpeg, byte marker)
    {
        for (int at = 2; at + 4 < jpeg.Length; at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]))
        {
            if (jpeg[at + 1] == marker)
                return at;
        }

        throw new InvalidOperationException($"No segment {marker:X2}.");
    }

    public static byte[] Change(byte[] jpeg, int at, byte value)
    {
        byte[] changed = [.. jpeg];
        changed[at] = value;
        return changed;
    }
}
