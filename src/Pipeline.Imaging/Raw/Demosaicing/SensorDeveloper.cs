namespace Pipeline.Imaging;

/// <summary>Makes an 8-bit sRGB picture of what a Bayer sensor recorded: levels, white balance, interpolation of the missing colors, camera matrix, sRGB curve,
/// orientation.</summary>
/// <remarks>
/// <para>Thread-safe. The same input gives the same bytes on every processor, with any vector instructions, and for any number of bands. Beside input and
/// output it needs about 50 half rows of samples per thread.</para>
/// <para>Interpolation: green is estimated along rows and along columns (Hamilton and Adams, US patent 5,629,734), the estimates are weighed by the changes of
/// color minus green in each direction (Pekkucuksen and Altunbasak, "Gradient based threshold free color filter array interpolation", ICIP 2010), red and blue
/// follow from the mean color differences around. Highlights that are clipped in one color are white, not tinted.</para>
/// </remarks>
public static unsafe class SensorDeveloper
{
    private const int PixelBytes = 3;

    /// <summary>Gets the size of the developed picture, its orientation applied.</summary>
    /// <param name="image">The sensor image.</param>
    /// <param name="halfSize">Whether each 2 x 2 sites become one pixel.</param>
    /// <returns>Pixels.</returns>
    public static (int Width, int Height) SizeOf(SensorImage image, bool halfSize)
    {
        ArgumentNullException.ThrowIfNull(image);
        int width = halfSize ? image.Width / 2 : image.Width, height = halfSize ? image.Height / 2 : image.Height;
        return PixelWriter.Transposes(image.Orientation) ? (height, width) : (width, height);
    }

    /// <summary>Develops a sensor image into a new buffer.</summary>
    /// <param name="image">The sensor image.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Checked at each row.</param>
    /// <returns>The upright picture; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The parts of the image do not fit together, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static PixelBuffer Develop(
        SensorImage image, SensorDevelopOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        image.Validate();
        return Develop(image, _ => new MemoryRows(image), null, options ?? SensorDevelopOptions.Default, cancellationToken);
    }

    /// <summary>Develops a sensor image whose samples come row by row.</summary>
    /// <param name="image">The sensor image; its samples are not looked at.</param>
    /// <param name="open">Opens the samples, once for each band.</param>
    /// <param name="allocate">Makes the buffer of this width and height; null for one of its own.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Checked at each row.</param>
    internal static PixelBuffer Develop(
        SensorImage image,
        OpenSampleRows open,
        Func<int,
        int,
        PixelBuffer>? allocate,
        SensorDevelopOptions options,
        CancellationToken cancellationToken)
    {
        image.ValidateTags();
        options.Validate();
        (int width, int height) = SizeOf(image, options.HalfSize);
        PixelBuffer pixels = allocate?.Invoke(width, height) ?? new PixelBuffer(width, height);
        try
        {
            DevelopBands(image, open, (byte*)pixels.Address, options, cancellationToken);
            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    /// <summary>Develops a sensor image into memory of the caller.</summary>
    /// <param name="image">The sensor image.</param>
    /// <param name="target">Receives the picture: upright, row-major, 8-bit RGB, no gaps between rows, exactly as many bytes as that needs.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Checked at each row; after a cancellation the target holds a part of the picture.</param>
    /// <exception cref="ArgumentException">The parts of the image do not fit together, an option is out of its range, or the target has another
    /// size.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static void Develop(
        SensorImage image, Span<byte> target, SensorDevelopOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= SensorDevelopOptions.Default;
        image.Validate();
        options.Validate();
        (int width, int height) = SizeOf(image, options.HalfSize);
        long needed = (long)width * height * PixelBytes;
        if (target.Length != needed)
            throw new ArgumentException(
                $"The target has {target.Length} bytes; a picture of {width} x {height} needs {needed}. Ask SensorDeveloper.SizeOf for "
                    + "the size.",
                nameof(target));
        fixed (byte* first = target)
            DevelopBands(image, _ => new MemoryRows(image), first, options, cancellationToken);
    }

    private static void DevelopBands(
        SensorImage image, OpenSampleRows open, byte* target, SensorDevelopOptions options, CancellationToken cancellationToken) =>
        new BandJob(image, open, target, options, cancellationToken).Run();
}
