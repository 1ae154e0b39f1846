namespace Pipeline.Imaging;

/// <summary>A camera without a lens: renders seeded landscapes with a test chart through a Bayer sensor and writes them as DNG files.</summary>
/// <remarks>
/// Immutable and thread-safe. The same size, seed and settings give the same bytes on machines of the same kind. The scene is linear light with sRGB primaries;
/// the sensor mixes its colors as real ones do, adds shot and read noise, and the file's color matrix and neutral undo the mixing exactly, so that a converter
/// gets the scene back: scene value 1 is the sensor's saturation.
/// </remarks>
public sealed class SyntheticCamera
{
    private const int BlackLevel = 512;
    private const int WhiteLevel = 16383;

    /// <summary>Initializes a new instance of the <see cref="SyntheticCamera"/> class.</summary>
    /// <param name="width">The width of the sensor, even, 16 to 65,534 pixels.</param>
    /// <param name="height">The height of the sensor, even, 16 to 65,534 pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public SyntheticCamera(int width, int height)
    {
        Width = width;
        Height = height;
        Settings(0).Check();
    }

    /// <summary>Gets the width of the sensor in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height of the sensor in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets how the files hold the sensor data.</summary>
    public DngCompression Compression { get; init; } = DngCompression.None;

    /// <summary>Gets the order of the colors on the sensor.</summary>
    public BayerPattern Pattern { get; init; } = BayerPattern.Rggb;

    /// <summary>Gets the EXIF orientation of the files.</summary>
    /// <value>1 to 8; default 1. The scene is rendered in sensor direction; converters turn it.</value>
    public int Orientation { get; init; } = 1;

    /// <summary>Makes a camera of a given resolution with a 3:2 sensor.</summary>
    /// <param name="megapixels">Million pixels, 0.01 to 400. 45 gives files of 90 MB without compression.</param>
    /// <returns>A camera whose sensor has about that many pixels.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="megapixels"/> is out of its range.</exception>
    public static SyntheticCamera OfMegapixels(double megapixels)
    {
        (int width, int height) = SizeOf(megapixels);
        return new SyntheticCamera(width, height);
    }

    /// <summary>Says which sensor size <see cref="OfMegapixels"/> gives.</summary>
    /// <param name="megapixels">Million pixels, 0.01 to 400.</param>
    /// <returns>Width and height in pixels, a multiple of 16 each.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="megapixels"/> is out of its range.</exception>
    public static (int Width, int Height) SizeOf(double megapixels)
    {
        if (!(megapixels is >= 0.01 and <= 400))
            throw new ArgumentOutOfRangeException(nameof(megapixels), megapixels, "The resolution must be 0.01 to 400 megapixels.");
        double width = Math.Sqrt(megapixels * 1e6 * 1.5);
        return ((int)Math.Round(width / 16) * 16, Math.Max(16, (int)Math.Round(width / 1.5 / 16) * 16));
    }

    /// <summary>Takes a photo: renders the scene of a seed and writes it to a file, whole or not at all.</summary>
    /// <param name="path">The DNG file; replaced when it is there.</param>
    /// <param name="seed">Chooses the scene.</param>
    /// <param name="cancellationToken">Stops it; no file is left then.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public void TakePhoto(string path, int seed, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = $"{path}.{Guid.NewGuid():N}.pipeline-tmp";
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
                WritePhoto(file, seed, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Takes a photo: renders the scene of a seed and writes it to a stream.</summary>
    /// <param name="target">An empty, seekable stream.</param>
    /// <param name="seed">Chooses the scene.</param>
    /// <param name="cancellationToken">Stops it; the stream is incomplete then.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public void WritePhoto(Stream target, int seed, CancellationToken cancellationToken)
    {
        SyntheticScene scene = new(Width, Height, seed);
        SyntheticSensor sensor = new(scene, Pattern, BlackLevel, WhiteLevel, seed);
        DngWriter.Write(target, Settings(seed), sensor.FillRow, scene.ThumbnailPixel, cancellationToken);
    }

    private DngSettings Settings(int seed)
    {
        // A day of a year, a minute of a day: fixed by the seed.
        DateTime taken = new DateTime(2026, 1, 1, 8, 0, 0, DateTimeKind.Unspecified) + TimeSpan.FromMinutes(seed & 0x7FFF);
        return new DngSettings
        {
            Width = Width,
            Height = Height,
            Pattern = Pattern,
            Compression = Compression,
            BlackLevel = BlackLevel,
            WhiteLevel = WhiteLevel,
            ColorMatrix = SyntheticSensor.ColorMatrix,
            AsShotNeutral = SyntheticSensor.Neutral,
            Orientation = Orientation,
            Metadata = new PhotoMetadata
            {
                Make = "Pipeline",
                Model = "Synthetic Camera",
                Taken = taken.ToString("yyyy':'MM':'dd HH':'mm':'ss", System.Globalization.CultureInfo.InvariantCulture),
                ExposureSeconds = 1.0 / 250,
                FNumber = 8,
                Iso = 100,
                FocalLength = 35,
            },
        };
    }
}
