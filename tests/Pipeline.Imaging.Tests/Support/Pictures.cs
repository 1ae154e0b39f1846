using NetVips;

namespace Pipeline.Imaging.Tests;

/// <summary>Makes small pictures for tests.</summary>
internal static class Pictures
{
    public static Image Solid(int width, int height, byte red, byte green, byte blue) => Of(width, height, (_, _) => (red, green, blue));

    public static Image Of(int width, int height, Func<int, int, (byte R, byte G, byte B)> color)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, i += 3)
                (pixels[i], pixels[i + 1], pixels[i + 2]) = color(x, y);
        }

        using Image image = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar);
        return image.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    public static byte[] Png(Image image)
    {
        using (image)
            return image.PngsaveBuffer();
    }
}
