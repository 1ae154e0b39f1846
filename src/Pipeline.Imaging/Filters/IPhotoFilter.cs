using NetVips;

namespace Pipeline.Imaging;

/// <summary>One step of a <see cref="FilterChain"/>. Immutable and thread-safe.</summary>
/// <remarks>To write one over plain pixels, derive from <see cref="PixelFilter"/> or use <see cref="PixelFilter.From"/>.</remarks>
public interface IPhotoFilter
{
    /// <summary>Filters a picture.</summary>
    /// <param name="image">The picture: 8-bit sRGB, 3 bands. The caller keeps it.</param>
    /// <returns>A new image of the same size, which may be lazy. The caller disposes it.</returns>
    Image Apply(Image image);
}
