using NetVips;

namespace Pipeline.Imaging;

/// <summary>Decodes ordinary pictures by libvips: one named loader per format, never libvips's own guess.</summary>
internal static class VipsDecoder
{
    private const string Srgb = "srgb";

    /// <summary>Chooses the fraction at which a JPEG is decoded: 1, 2, 4 or 8, so that at least twice the widest target is left.</summary>
    public static int ShrinkFor(PhotoHeader header, IReadOnlyList<int> targets)
    {
        if (header.Kind != PhotoKind.Jpeg || targets.Count == 0)
            return 1;
        int widest = targets.Max();
        foreach (int shrink in (ReadOnlySpan<int>)[8, 4, 2])
        {
            if (header.UprightWidth / shrink >= 2L * widest)
                return shrink;
        }

        return 1;
    }

    /// <summary>Estimates the peak: the picture, the second one that turning it upright needs, and the decoder's rows.</summary>
    public static long EstimatePeakBytes(PhotoHeader header, int shrink)
    {
        long picture = header.Pixels * 3 / ((long)shrink * shrink);
        int copies = header.Orientation == 1 ? 1 : 2;
        return (picture * copies) + (8L << 20);
    }

    public static Photo Decode(PhotoFile file, DecodeOptions options, CancellationToken cancellationToken)
    {
        PhotoHeader header = file.Header;
        try
        {
            using ImageScope scope = new();
            bool turn = header.Orientation != 1;
            Image image = scope.Take(Load(file, ShrinkFor(header, options.TargetWidths), turn, options.AcceptDamaged));
            if ((long)image.Width * image.Height > options.MaxPixels)
                throw new PhotoException(
                    file.Path,
                    PhotoFailure.TooLarge,
                    $"'{file.Path}' has {image.Width} x {image.Height} pixels; the limit is {options.MaxPixels}. Raise "
                        + "DecodeOptions.MaxPixels if you trust it.");
            image = ToSrgb(scope, image);
            if (turn)
                image = scope.Take(image.Autorot());
            cancellationToken.ThrowIfCancellationRequested();
            Image pixels = image.CopyMemory();
            bool swapped = header.Orientation is >= 5 and <= 8;
            PhotoMetadata metadata = ExifReader.Read(file.Exif, options.KeepMetadata) ?? PhotoMetadata.None;
            int width = header.Width > 0 ? (swapped ? header.Height : header.Width) : pixels.Width;
            int height = header.Height > 0 ? (swapped ? header.Width : header.Height) : pixels.Height;
            return new Photo(file.Path, header.Format, width, height, metadata, [new Rendition(pixels.Width, pixels)]);
        }
        catch (VipsException e)
        {
            throw new PhotoException(
                file.Path,
                PhotoFailure.Damaged,
                $"'{file.Path}' cannot be decoded as {header.Format.ToUpperInvariant()}: {Libvips.Reason(e)} Copy it again from its "
                    + "source.",
                e);
        }
    }

    private static Image Load(PhotoFile file, int shrink, bool turn, bool acceptDamaged)
    {
        // The file that is open already: by its name libvips would open it several times more. The image keeps the source. Windows has no descriptor of an
        // open file.
        using Source source = OperatingSystem.IsWindows()
            ? Source.NewFromFile(file.Path)
            : Source.NewFromDescriptor((int)file.Handle.DangerousGetHandle());
        Enums.Access access = turn ? Enums.Access.Random : Enums.Access.Sequential;
        Enums.FailOn failOn = acceptDamaged ? Enums.FailOn.None : Enums.FailOn.Warning;
        return file.Header.Kind switch
        {
            PhotoKind.Jpeg => Image.JpegloadSource(source, shrink: shrink, access: access, failOn: failOn),
            PhotoKind.Png => Image.PngloadSource(source, access: access, failOn: failOn),
            PhotoKind.Webp => Image.WebploadSource(source, access: access, failOn: failOn),
            // TIFF warnings are about unknown private tags, which most cameras and scanners write.
            PhotoKind.Tiff => Image.TiffloadSource(source, access: access, failOn: acceptDamaged ? Enums.FailOn.None : Enums.FailOn.Error),
            _ => throw new InvalidOperationException($"No loader for {file.Header.Kind}."),
        };
    }

    // Pictures of any kind become 8-bit, 3-band sRGB: by its embedded profile when it has one, by the meaning of its bands otherwise.
    private static Image ToSrgb(ImageScope scope, Image image)
    {
        if (image.Contains("icc-profile-data") && image.Coding == Enums.Coding.None)
        {
            try
            {
                image = scope.Take(image.IccTransform(Srgb, embedded: true, intent: Enums.Intent.Relative, depth: 8));
            }
            catch (VipsException)
            {
                // An unusable profile is common and harmless: the numbers are read as sRGB then, as viewers do.
                image = scope.Take(image.Colourspace(Enums.Interpretation.Srgb));
            }
        }
        else if (image.Interpretation != Enums.Interpretation.Srgb)
            image = scope.Take(image.Colourspace(Enums.Interpretation.Srgb));
        if (image.HasAlpha())
            image = scope.Take(image.Flatten(background: [255, 255, 255]));
        if (image.Format != Enums.BandFormat.Uchar)
            image = scope.Take(image.Cast(Enums.BandFormat.Uchar));
        if (image.Bands == 1)
            image = scope.Take(image.Bandjoin(image, image));
        else if (image.Bands > 3)
            image = scope.Take(image.ExtractBand(0, n: 3));
        return image;
    }
}
