using System.Globalization;

namespace Pipeline.Profiling;

/// <summary>Numbers with the noun that they count.</summary>
internal static class Plural
{
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
