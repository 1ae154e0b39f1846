using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Amounts of bytes as people write and read them.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, long Factor)[] s_units =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("tib", 1L << 40),
        ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("k", 1L << 10), ("m", 1L << 20), ("g", 1L << 30), ("t", 1L << 40), ("b", 1),
    ];

    /// <summary>Reads an amount such as <c>2GiB</c>, <c>512 MB</c>, <c>1.5g</c> or <c>1048576</c>.</summary>
    /// <param name="text">A number with an optional unit: KiB, MiB, GiB, TiB (1,024), KB, MB, GB, TB (1,000), K, M, G, T (1,024), B.</param>
    /// <param name="bytes">The amount; 0 when the text is none.</param>
    /// <returns>Whether the text is an amount of 1 byte or more.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        string number = text.Trim().ToLowerInvariant();
        long factor = 1;
        foreach ((string suffix, long unit) in s_units)
        {
            if (!number.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            factor = unit;
            number = number[..^suffix.Length].TrimEnd();
            break;
        }

        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            return false;
        // Bounded before the product, which would overflow for absurd numbers.
        if (value < 0 || value > long.MaxValue / factor)
            return false;
        bytes = (long)(value * factor);
        return bytes >= 1;
    }

    /// <summary>Writes an amount with the largest binary unit that leaves at least 1.</summary>
    /// <param name="bytes">The amount, 0 or more.</param>
    /// <returns>For example <c>1.5 GiB</c>.</returns>
    public static string Format(long bytes)
    {
        (double value, string unit) = bytes switch
        {
            >= 1L << 40 => (bytes / (double)(1L << 40), "TiB"),
            >= 1L << 30 => (bytes / (double)(1L << 30), "GiB"),
            >= 1L << 20 => (bytes / (double)(1L << 20), "MiB"),
            >= 1L << 10 => (bytes / (double)(1L << 10), "KiB"),
            _ => (bytes, "bytes"),
        };
        string format = bytes < 1024 || value >= 100 ? "0" : "0.#";
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}");
    }
}
