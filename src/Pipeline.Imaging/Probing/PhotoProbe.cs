using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging;

/// <summary>Says what a file is by looking at its first bytes and directories, never by its extension. Thread-safe.</summary>
/// <remarks>
/// Reads a few kilobytes of a file of any size. The one exception to "never by extension": some old cameras wrote bare sensor data without any signature; a
/// file of unknown content that is named .raw, .mdc or .bay is reported as <see cref="PhotoKind.Raw"/>, and the RAW decoder decides.
/// </remarks>
public static class PhotoProbe
{
    /// <summary>Reads the header of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What it is and how large the picture is. Damaged headers give <see cref="PhotoKind.None"/> or a size of 0, never an exception.</returns>
    /// <exception cref="PhotoException">The file cannot be opened or read (<see cref="PhotoFailure.Unreadable"/>).</exception>
    public static PhotoHeader Read(string path)
    {
        using PhotoFile file = Open(path);
        return file.Header;
    }

    /// <summary>Says what a file is.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its kind; <see cref="PhotoKind.None"/> also when it cannot be read.</returns>
    public static PhotoKind KindOf(string path)
    {
        try
        {
            return Read(path).Kind;
        }
        catch (PhotoException)
        {
            return PhotoKind.None;
        }
    }

    internal static PhotoFile Open(string path, FileOptions options = FileOptions.None, SafeFileHandle? open = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return PhotoFile.Open(path, open, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string why = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "It does not exist.",
                UnauthorizedAccessException when Directory.Exists(path) => "It is a folder.",
                UnauthorizedAccessException => "Access is denied; check its permissions.",
                _ => e.Message,
            };
            throw new PhotoException(path, PhotoFailure.Unreadable, $"'{path}' cannot be read. {why}", e);
        }
    }
}
