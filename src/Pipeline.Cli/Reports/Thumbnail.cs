using NetVips;

namespace Pipeline.Cli;

/// <summary>Makes the small pictures of the HTML report.</summary>
internal static class Thumbnail
{
    private const int Width = 320;
    private const int Height = 240;

    /// <summary>Makes a small JPEG of a picture.</summary>
    /// <returns>The JPEG; null when the picture cannot be read.</returns>
    public static byte[]? Of(string path)
    {
        try
        {
            using Image image = Image.Thumbnail(path, Width, height: Height, size: Enums.Size.Down);
            return image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
