using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging;

/// <summary>What a RAW decoder is asked to do.</summary>
/// <param name="Path">The file.</param>
/// <param name="Demosaic">The method; <see cref="Demosaic.Auto"/> means the decoder's fast full-size one.</param>
/// <param name="MaxPixels">The most pixels the sensor may have; more is an error before anything is allocated.</param>
/// <param name="AcceptDamaged">Whether to return what could be decoded of damaged data.</param>
public sealed record RawRequest(string Path, Demosaic Demosaic, long MaxPixels, bool AcceptDamaged)
{
    /// <summary>Gets the file, open for reading.</summary>
    /// <value>
    /// Null, the default: the decoder opens <see cref="Path"/>. The caller closes it after the decoding; a decoder reads at positions
    /// (<see cref="RandomAccess"/>) and keeps no handle.
    /// </value>
    public SafeFileHandle? File { get; init; }

    /// <summary>Gets what makes the buffer that the picture is developed into, for example in memory that processes share.</summary>
    /// <value>
    /// Takes width and height of the upright picture in pixels; the decoder owns the buffer until it returns it. Null, the default, for memory of the decoder's
    /// choice. A decoder that develops into memory of its own ignores it.
    /// </value>
    public Func<int, int, PixelBuffer>? Allocate { get; init; }

    /// <summary>Gets what tells, from moment to moment, how many other threads may help with this file.</summary>
    /// <value>Null, the default: the calling thread is alone.</value>
    public Func<int>? SpareWorkers { get; init; }
}
