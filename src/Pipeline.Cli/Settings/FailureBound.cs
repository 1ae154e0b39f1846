using System.Globalization;

namespace Pipeline.Cli;

/// <summary>How many photos may fail before the run stops: a number, or a share of the photos so far.</summary>
/// <param name="Count">Photos that may fail; null when a share is given.</param>
/// <param name="Rate">The share that may fail, 0 to 1; null when a number is given.</param>
internal sealed record FailureBound(long? Count, double? Rate)
{
    /// <summary>The photos that must be through before a share is judged, so that one early failure does not stop a large run.</summary>
    public const int JudgedFrom = 20;

    /// <summary>Reads <c>25</c> or <c>5%</c>.</summary>
    /// <returns>Whether the text is a number of 0 or more, or a percentage of 0 to 100.</returns>
    public static bool TryParse(string text, out FailureBound? bound)
    {
        bound = null;
        text = text.Trim();
        if (text.EndsWith('%'))
        {
            if (!double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
                || !(percent is >= 0 and <= 100))
                return false;
            bound = new FailureBound(null, percent / 100);
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            return false;
        bound = new FailureBound(count, null);
        return true;
    }

    /// <summary>Tells whether the failures so far are more than allowed.</summary>
    /// <param name="failed">Photos that failed.</param>
    /// <param name="finished">Photos that are through, the failed ones included.</param>
    public bool IsExceeded(long failed, long finished) =>
        Count is { } count ? failed > count : Rate is { } rate && finished >= JudgedFrom && failed > rate * finished;

    public override string ToString() =>
        Count is { } count
            ? count.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Rate * 100:0.##}%");
}
