using NetVips;

namespace Pipeline.Imaging;

/// <summary>A watermark in managed memory: 8-bit RGBA, straight alpha, rows without padding. Immutable and thread-safe.</summary>
internal sealed class OverlayPicture
{
    private readonly byte[] _rgba;

    private OverlayPicture(byte[] rgba, int width, int height)
    {
        _rgba = rgba;
        Width = width;
        Height = height;
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Reads a picture.</summary>
    /// <exception cref="PhotoException">It is missing or no picture.</exception>
    public static OverlayPicture Load(string path)
    {
        try
        {
            using PhotoFile file = PhotoProbe.Open(path);
            using ImageScope scope = new();
            Image image = scope.Take(file.Header.Kind switch
            {
                PhotoKind.Png => Image.Pngload(path, failOn: Enums.FailOn.Truncated),
                PhotoKind.Webp => Image.Webpload(path, failOn: Enums.FailOn.Truncated),
                PhotoKind.Tiff => Image.Tiffload(path, failOn: Enums.FailOn.Truncated),
                PhotoKind.Jpeg => Image.Jpegload(path, failOn: Enums.FailOn.Truncated),
                _ => throw Unusable(path, "Its content is neither PNG, WebP, TIFF nor JPEG.", null),
            });
            if (image.Interpretation != Enums.Interpretation.Srgb)
                image = scope.Take(image.Colourspace(Enums.Interpretation.Srgb));
            if (!image.HasAlpha())
                image = scope.Take(image.Bandjoin(255));
            if (image.Format != Enums.BandFormat.Uchar)
                image = scope.Take(image.Cast(Enums.BandFormat.Uchar));
            return new OverlayPicture(image.WriteToMemory<byte>(), image.Width, image.Height);
        }
        catch (VipsException e)
        {
            throw Unusable(path, Libvips.Reason(e), e);
        }
        catch (PhotoException e) when (e.Reason == PhotoFailure.Unreadable)
        {
            throw Unusable(path, e.Message, e);
        }
    }

    /// <summary>Scales it. Colors are weighted by alpha, so that what is transparent does not bleed into the edges.</summary>
    public OverlayPicture Scale(int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        using ImageScope scope = new();
        Image image = scope.Take(Image.NewFromMemory(_rgba, Width, Height, 4, Enums.BandFormat.Uchar));
        image = scope.Take(image.Copy(interpretation: Enums.Interpretation.Srgb));
        image = scope.Take(image.Premultiply());
        image = scope.Take(image.Resize((double)width / Width, kernel: Enums.Kernel.Lanczos3, vscale: (double)height / Height));
        image = scope.Take(image.Unpremultiply());
        image = scope.Take(image.Rint());
        image = scope.Take(image.Cast(Enums.BandFormat.Uchar));
        return new OverlayPicture(image.WriteToMemory<byte>(), image.Width, image.Height);
    }

    /// <summary>Lays it over a picture: <c>out = under + (over - under) * alpha * opacity</c>, rounded.</summary>
    public unsafe Image LayOver(Image under, int x, int y, double opacity)
    {
        int width = under.Width, height = under.Height;
        nint memory = under.WriteToMemory(out ulong size);
        try
        {
            // 16.16 fixed point: exact for opacity 0 and 1, within half a level elsewhere, the same on every machine.
            int weight = (int)Math.Round(opacity * 65536 / 255);
            int rows = Math.Min(Height, height - y), columns = Math.Min(Width, width - x);
            for (int row = 0; row < rows; row++)
            {
                byte* target = (byte*)memory + ((((long)(y + row) * width) + x) * 3);
                ReadOnlySpan<byte> over = _rgba.AsSpan(row * Width * 4, columns * 4);
                for (int i = 0; i < over.Length; i += 4, target += 3)
                {
                    int alpha = opacity == 1 && over[i + 3] == 255 ? 65536 : over[i + 3] * weight;
                    for (int band = 0; band < 3; band++)
                        target[band] = (byte)(target[band] + ((((over[i + band] - target[band]) * alpha) + 32768) >> 16));
                }
            }

            using Image bare = Image.NewFromMemoryCopy(memory, size, width, height, 3, Enums.BandFormat.Uchar);
            return bare.Copy(interpretation: Enums.Interpretation.Srgb);
        }
        finally
        {
            NetVips.NetVips.Free(memory);
        }
    }

    private static PhotoException Unusable(string path, string why, Exception? inner) => new(
        path,
        PhotoFailure.WatermarkUnusable,
        $"The watermark '{path}' cannot be used. {why} Give the path of a PNG, WebP, TIFF or JPEG file.",
        inner);
}
