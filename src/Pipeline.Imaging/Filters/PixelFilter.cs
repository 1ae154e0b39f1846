using NetVips;

namespace Pipeline.Imaging;

/// <summary>Changes the pixels of a picture.</summary>
/// <param name="pixels">Row-major, top row first, height x stride bytes, 8-bit RGB. Changed in place.</param>
/// <param name="width">Pixels in a row.</param>
/// <param name="height">Rows.</param>
/// <param name="stride">Bytes from one row to the next, at least 3 x width.</param>
public delegate void PixelOperation(Span<byte> pixels, int width, int height, int stride);

/// <summary>The base of filters that users write in C# over plain pixels.</summary>
/// <remarks>One filter object serves all workers at the same time, so <see cref="Process"/> must not change fields.</remarks>
public abstract class PixelFilter : IPhotoFilter
{
    /// <summary>Makes a filter of a method.</summary>
    /// <param name="operation">Changes the pixels in place. Called by several workers at the same time.</param>
    /// <returns>A filter.</returns>
    public static PixelFilter From(PixelOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new DelegateFilter(operation);
    }

    /// <inheritdoc/>
    public unsafe Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Format != Enums.BandFormat.Uchar || image.Bands != 3)
            throw new ArgumentException(
                $"A pixel filter takes 8-bit RGB; the picture has {image.Bands} bands of {image.Format}.", nameof(image));
        int width = image.Width, height = image.Height, stride = width * 3;
        nint memory = image.WriteToMemory(out ulong size);
        try
        {
            Process(new Span<byte>((void*)memory, checked((int)size)), width, height, stride);
            using Image bare = Image.NewFromMemoryCopy(memory, size, width, height, 3, Enums.BandFormat.Uchar);
            return bare.Copy(interpretation: Enums.Interpretation.Srgb);
        }
        finally
        {
            NetVips.NetVips.Free(memory);
        }
    }

    /// <summary>Changes the pixels of one picture.</summary>
    /// <param name="pixels">Row-major, top row first, height x stride bytes, 8-bit RGB. Changed in place.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="stride">Bytes from one row to the next, at least 3 x width.</param>
    protected abstract void Process(Span<byte> pixels, int width, int height, int stride);

    private sealed class DelegateFilter(PixelOperation operation) : PixelFilter
    {
        protected override void Process(Span<byte> pixels, int width, int height, int stride) => operation(pixels, width, height, stride);
    }
}
