using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Cli;

/// <summary>Tells whether two runs would write the same bytes for the same photo.</summary>
internal static class OptionsFingerprint
{
    /// <summary>Computes the fingerprint of all options that change the outputs' bytes, and of nothing else.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="watermark">The content of the watermark file; empty without one.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public static string Of(PhotoJobSettings settings, ReadOnlySpan<byte> watermark)
    {
        StringBuilder text = new StringBuilder();
        // Another version may decode or encode otherwise.
        text.Append(CultureInfo.InvariantCulture, $"version {typeof(OptionsFingerprint).Assembly.GetName().Version}\n");
        text.Append(CultureInfo.InvariantCulture, $"widths {string.Join(',', settings.Widths.Order())}\n");
        text.Append(CultureInfo.InvariantCulture, $"enlarge {settings.Enlarge}\n");
        text.Append(CultureInfo.InvariantCulture, $"blur {settings.Blur:R}\nsharpen {settings.Sharpen:R}\n");
        if (settings.Watermark is not null)
            text.Append(CultureInfo.InvariantCulture, $"watermark {Convert.ToHexStringLower(SHA256.HashData(watermark))} {settings.Position} {settings.Opacity:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"format {settings.Format}\n");
        if (settings.Format is not (OutputFormat.Png or OutputFormat.Tiff))
            text.Append(CultureInfo.InvariantCulture, $"quality {settings.Quality}\n");
        text.Append(CultureInfo.InvariantCulture, $"metadata {settings.KeepMetadata}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
