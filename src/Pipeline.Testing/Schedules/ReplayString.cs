using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pipeline.Testing;

/// <summary>A schedule in one printable word, together with the layout of the program that it was recorded for.</summary>
/// <remarks>
/// Form: <c>v1/LAYOUT/pSTEP=TARGET,.../xSTEP=TARGET,.../cCHOICE,...</c>, without characters that a shell would change.
/// The layout is a fingerprint of the scheduling points (participants, kinds of steps, names of resources). A changed program moves its
/// scheduling points, and the numbers of an old schedule would then point elsewhere; a mismatch is an error and never a silent other run.
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed record ReplayString
{
    private const string Version = "v1";

    /// <summary>Creates a replay string.</summary>
    /// <param name="layout">The fingerprint of the program's scheduling points, eight hexadecimal digits.</param>
    /// <param name="schedule">The schedule.</param>
    public ReplayString(string layout, Schedule schedule) => (Layout, Schedule) = (layout, schedule);

    /// <summary>Gets the fingerprint of the program's scheduling points, eight hexadecimal digits.</summary>
    public string Layout { get; }

    /// <summary>Gets the schedule.</summary>
    public Schedule Schedule { get; }

    /// <summary>Reads a replay string.</summary>
    /// <param name="text">The text that <see cref="ToString"/> wrote.</param>
    /// <returns>The replay string.</returns>
    /// <exception cref="FormatException">The text has another form or another version.</exception>
    public static ReplayString Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out ReplayString? result, out string? problem)
            ? result
            : throw new FormatException($"Replay string '{text}' cannot be read: {problem}. The form is {Version}/LAYOUT/p3=0/x/c0,1. "
                + $"Copy it whole from the report.");
    }

    /// <summary>Writes the replay string in one word.</summary>
    /// <returns>For example <c>v1/9f3a2c11/p1=0/x/c</c>.</returns>
    public override string ToString() => $"{Version}/{Layout}/{Schedule}";

    private static bool TryParse(string text, [NotNullWhen(true)] out ReplayString? result, [NotNullWhen(false)] out string? problem)
    {
        result = null;
        string[] parts = text.Trim().Split('/');
        if (parts.Length != 5 || parts[2] is not ['p', ..] || parts[3] is not ['x', ..] || parts[4] is not ['c', ..])
        {
            problem = "it does not have the five parts";
            return false;
        }

        if (parts[0] != Version)
        {
            problem = $"its version is '{parts[0]}' and this build reads '{Version}'";
            return false;
        }

        if (!TryPairs(parts[2][1..], out List<(int, int)> preemptions) || !TryPairs(parts[3][1..], out List<(int, int)> crashes)
            || !TryNumbers(parts[4][1..], ',', out List<int> choices))
        {
            problem = "a number in it is not 0 or more";
            return false;
        }

        problem = null;
        Schedule schedule = new(
            [.. preemptions.Select(p => new Preemption(p.Item1, p.Item2))], [.. crashes.Select(c => new CrashPoint(c.Item1, c.Item2))],
            [.. choices]);
        result = new ReplayString(parts[1], schedule);
        return true;
    }

    private static bool TryPairs(string text, out List<(int Step, int Target)> pairs)
    {
        pairs = [];
        if (text.Length == 0)
            return true;
        foreach (string pair in text.Split(','))
        {
            if (!TryNumbers(pair, '=', out List<int> numbers) || numbers.Count != 2)
                return false;
            pairs.Add((numbers[0], numbers[1]));
        }

        return true;
    }

    private static bool TryNumbers(string text, char separator, out List<int> numbers)
    {
        numbers = [];
        if (text.Length == 0)
            return true;
        foreach (string number in text.Split(separator))
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
                return false;
            numbers.Add(value);
        }

        return true;
    }
}
