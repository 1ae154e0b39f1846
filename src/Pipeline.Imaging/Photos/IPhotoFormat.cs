using NetVips;

namespace Pipeline.Imaging;

/// <summary>A format that photos are encoded in. Immutable and thread-safe.</summary>
public interface IPhotoFormat
{
    /// <summary>Gets the name of the format in lower case: <c>jpeg</c>.</summary>
    string Name { get; }

    /// <summary>Gets the extension of its files with the dot: <c>.jpg</c>.</summary>
    string Extension { get; }

    /// <summary>Encodes a picture.</summary>
    /// <param name="image">The picture: 8-bit sRGB, 3 bands. The caller keeps it.</param>
    /// <returns>The bytes of the file. With metadata when the image carries an EXIF block.</returns>
    byte[] Encode(Image image);
}
