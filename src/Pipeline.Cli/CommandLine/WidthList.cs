using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>The widths of the outputs, as numbers or by name.</summary>
internal static class WidthList
{
    /// <summary>The largest width that JPEG can store.</summary>
    public const int Largest = 65_500;

    private static readonly Dictionary<string, int> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["4k"] = 3840,
        ["1080p"] = 1920,
        ["thumb"] = 256,
    };

    /// <summary>Reads widths separated by commas: <c>3840,1080p,thumb</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="widths">The widths in the order given, each once; null when one is wrong.</param>
    /// <param name="wrong">The part that is no width, when one is not.</param>
    /// <returns>Whether every part is a width of 1 to <see cref="Largest"/> pixels.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out int[]? widths, out string wrong)
    {
        widths = null;
        wrong = text;
        List<int> found = new();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!s_names.TryGetValue(part, out int width)
                && !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out width))
            {
                wrong = part;
                return false;
            }

            if (width is < 1 or > Largest)
            {
                wrong = part;
                return false;
            }

            if (!found.Contains(width))
                found.Add(width);
        }

        widths = [.. found];
        return true;
    }
}
