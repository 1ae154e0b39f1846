using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Positive numbers separated by commas.</summary>
internal static class NumberList
{
    /// <summary>Reads the numbers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The largest number.</param>
    /// <param name="numbers">The numbers in the order given, each once; null when one is wrong.</param>
    /// <param name="wrong">The part that is no such number, when one is not.</param>
    /// <returns>Whether every part is a number above 0, up to the largest.</returns>
    public static bool TryParse(string text, double most, [NotNullWhen(true)] out double[]? numbers, out string wrong)
    {
        numbers = null;
        wrong = text;
        List<double> found = new();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                || !(number > 0 && number <= most))
            {
                wrong = part;
                return false;
            }

            if (!found.Contains(number))
                found.Add(number);
        }

        numbers = [.. found];
        return true;
    }
}
