using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Times and rates as people read them.</summary>
internal static class ProgressText
{
    /// <summary>Writes a time with two units at most.</summary>
    /// <param name="time">The time, 0 or more.</param>
    /// <returns>For example <c>8.3 s</c>, <c>1 min 13 s</c> or <c>2 h 5 min</c>.</returns>
    public static string Time(TimeSpan time)
    {
        if (time.TotalSeconds < 9.95)
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
        // Rounded first, so that 59.7 s becomes 1 min 0 s and not 60 s.
        long seconds = (long)Math.Round(time.TotalSeconds);
        return seconds < 60 ? $"{seconds} s"
            : seconds < 3600 ? $"{seconds / 60} min {seconds % 60} s"
            : $"{seconds / 3600} h {seconds % 3600 / 60} min";
    }

    /// <summary>Writes a rate in the unit that gives readable numbers.</summary>
    /// <param name="perSecond">Photos per second.</param>
    /// <returns>For example <c>2.4/s</c> or <c>12/min</c>.</returns>
    public static string Rate(double perSecond) =>
        perSecond >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0}/s")
        : string.Create(CultureInfo.InvariantCulture, $"{perSecond * 60:0.0}/min");
}
