using System.Diagnostics;
using NetVips;

namespace Pipeline.Imaging;

/// <summary>One size of a photo: pixels, or the encoded file once <see cref="Encode"/> has run.</summary>
/// <remarks>Owned by its <see cref="Photo"/>, which disposes it. Not thread-safe; one stage at a time has the photo.</remarks>
[DebuggerDisplay("{RequestedWidth} wide: {Width} x {Height}, {WeightBytes} bytes")]
public sealed class Rendition : IDisposable
{
    private readonly Image? _image;
    private bool _disposed;

    /// <summary>Initializes a new instance of the <see cref="Rendition"/> class with pixels.</summary>
    /// <param name="requestedWidth">The width that was asked for, in pixels.</param>
    /// <param name="image">Pixels in memory: 8-bit sRGB, 3 bands. The rendition disposes it.</param>
    public Rendition(int requestedWidth, Image image)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestedWidth);
        ArgumentNullException.ThrowIfNull(image);
        RequestedWidth = requestedWidth;
        _image = image;
        Width = image.Width;
        Height = image.Height;
        WeightBytes = (long)Width * Height * image.Bands;
    }

    /// <summary>Initializes a new instance of the <see cref="Rendition"/> class with an encoded file.</summary>
    /// <param name="requestedWidth">The width that was asked for, in pixels.</param>
    /// <param name="width">The width that it has, in pixels.</param>
    /// <param name="height">The height that it has, in pixels.</param>
    /// <param name="format">The format that it is encoded in.</param>
    /// <param name="encoded">The bytes of the file. They must not change any more.</param>
    public Rendition(int requestedWidth, int width, int height, IPhotoFormat format, ReadOnlyMemory<byte> encoded)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestedWidth);
        ArgumentNullException.ThrowIfNull(format);
        RequestedWidth = requestedWidth;
        Width = width;
        Height = height;
        Format = format;
        Encoded = encoded;
        WeightBytes = encoded.Length;
    }

    /// <summary>Gets the width that was asked for, in pixels.</summary>
    public int RequestedWidth { get; }

    /// <summary>Gets the width, in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height, in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets the format of the encoded file.</summary>
    /// <value>Null while the rendition holds pixels.</value>
    public IPhotoFormat? Format { get; }

    /// <summary>Gets the encoded file.</summary>
    /// <value>Empty while the rendition holds pixels.</value>
    public ReadOnlyMemory<byte> Encoded { get; private set; }

    /// <summary>Gets a value indicating whether the rendition holds pixels.</summary>
    public bool HasPixels => _image is not null && !_disposed;

    /// <summary>Gets the pixels in memory: 8-bit sRGB, 3 bands, row-major, top row first.</summary>
    /// <value>Owned by the rendition; do not dispose it and do not keep it.</value>
    /// <exception cref="InvalidOperationException">The rendition is encoded already or disposed.</exception>
    public Image Image => HasPixels
        ? _image!
        : throw new InvalidOperationException(
            $"The rendition of width {RequestedWidth} holds no pixels: {(_disposed ? "it is disposed" : "it is encoded already")}. Put "
                + "stages that need pixels before Encode.");

    /// <summary>Gets the bytes that it holds, managed and native together.</summary>
    public long WeightBytes { get; private set; }

    /// <summary>Frees the pixels.</summary>
    public void Dispose()
    {
        _disposed = true;
        _image?.Dispose();
        Encoded = default;
        WeightBytes = 0;
    }
}
