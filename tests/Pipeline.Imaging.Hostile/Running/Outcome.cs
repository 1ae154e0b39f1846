using System.Globalization;

namespace Pipeline.Imaging.Hostile;

/// <summary>How the decoding of one file ended, in one heap.</summary>
/// <param name="Kind">The end.</param>
/// <param name="Detail">The picture's size and hash, or the reason of the failure.</param>
/// <param name="Message">What the failure says, with FILE in the place of the path.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="PeakMebibytes">The most memory that the process held.</param>
internal sealed record Outcome(OutcomeKind Kind, string Detail, string Message, long Milliseconds, long PeakMebibytes)
{
    public string ToLine() => string.Join('\t', Kind, Detail, Message.ReplaceLineEndings(" ").Replace('\t', ' '), Milliseconds, PeakMebibytes);

    public static Outcome? Parse(string line) =>
        line.Split('\t') is [string kind, string detail, string message, string time, string peak] && Enum.TryParse(kind, out OutcomeKind parsed)
            ? new Outcome(parsed, detail, message, long.Parse(time, CultureInfo.InvariantCulture), long.Parse(peak, CultureInfo.InvariantCulture))
            : null;
}
