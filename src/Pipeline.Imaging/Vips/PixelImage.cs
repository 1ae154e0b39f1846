using NetVips;

namespace Pipeline.Imaging;

/// <summary>Hands native pixels to libvips without a copy.</summary>
internal static class PixelImage
{
    /// <summary>Makes a rendition of the buffer's full width, which frees the buffer when the last reference to the image goes.</summary>
    /// <param name="pixels">The pixels; owned by the rendition from here on, also when this throws.</param>
    public static Rendition Own(PixelBuffer pixels) => new(pixels.Width, From(pixels));

    /// <summary>Makes an image of the buffer, which frees the buffer when the last reference to it goes.</summary>
    /// <param name="pixels">The pixels; owned by the image from here on, also when this throws.</param>
    public static Image From(PixelBuffer pixels)
    {
        try
        {
            using Image bare =
                Image.NewFromMemory(pixels.Address, (ulong)pixels.Bytes, pixels.Width, pixels.Height, 3, Enums.BandFormat.Uchar);
            // libvips may hold the pixels longer than the wrapper lives (lazy images made from it), so its own close frees them.
            bare.OnPostClose += pixels.Dispose;
            return bare.Copy(interpretation: Enums.Interpretation.Srgb);
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }
}
