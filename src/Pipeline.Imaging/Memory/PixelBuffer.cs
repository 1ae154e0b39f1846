using System.Diagnostics;

namespace Pipeline.Imaging;

/// <summary>A picture in native memory: row-major, top row first, Height x Stride bytes, 8-bit sRGB, 3 bytes per pixel.</summary>
/// <remarks>Not thread-safe, except that disposing twice is harmless from any thread.</remarks>
[DebuggerDisplay("{Width} x {Height} at {Address}")]
public sealed unsafe class PixelBuffer : IDisposable
{
    private readonly Action<nint>? _free;
    private readonly nuint _blockBytes;
    private nint _block; // exchanged atomically; 0 once freed

    /// <summary>Initializes a new instance of the <see cref="PixelBuffer"/> class with uninitialized pixels and rows without padding.</summary>
    /// <param name="width">Pixels, 1 or more.</param>
    /// <param name="height">Pixels, 1 or more.</param>
    public PixelBuffer(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Width = width;
        Height = height;
        Stride = checked(width * 3);
        (_block, _blockBytes) = PictureMemory.Take(Bytes);
        Address = _block;
    }

    /// <summary>Initializes a new instance of the <see cref="PixelBuffer"/> class on pixels that a native library allocated.</summary>
    /// <param name="block">The allocated block.</param>
    /// <param name="offset">Where the pixels start in it, in bytes.</param>
    /// <param name="width">Pixels, 1 or more.</param>
    /// <param name="height">Pixels, 1 or more.</param>
    /// <param name="free">Frees the block; called once.</param>
    public PixelBuffer(nint block, int offset, int width, int height, Action<nint> free)
    {
        ArgumentOutOfRangeException.ThrowIfZero(block);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(free);
        Width = width;
        Height = height;
        Stride = checked(width * 3);
        _free = free;
        _block = block;
        Address = block + offset;
    }

    /// <summary>Finalizes an instance of the <see cref="PixelBuffer"/> class.</summary>
    ~PixelBuffer() => Free();

    /// <summary>Gets the width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets the bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Gets the bytes of all rows.</summary>
    public long Bytes => (long)Stride * Height;

    /// <summary>Gets where the first row is in memory.</summary>
    public nint Address { get; }

    /// <summary>Gets one row.</summary>
    /// <param name="y">The row, 0 to Height - 1.</param>
    /// <returns>Width x 3 bytes: red, green, blue.</returns>
    /// <exception cref="ObjectDisposedException">The pixels are freed.</exception>
    public Span<byte> Row(int y)
    {
        ObjectDisposedException.ThrowIf(_block == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new Span<byte>((byte*)Address + ((long)y * Stride), Width * 3);
    }

    /// <summary>Frees the pixels.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint block = Interlocked.Exchange(ref _block, 0);
        if (block == 0)
            return;
        if (_free is null)
            PictureMemory.Free(block, _blockBytes);
        else
            _free(block);
    }
}
