namespace Pipeline.Infra;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>Builds the end of an error message.</summary>
    /// <returns>" Did you mean 'x'?" or an empty text when no name is close.</returns>
    internal static string Suggest(string name, IEnumerable<string> known, string prefix = "")
    {
        string? best = Nearest(name, known);
        return best is null ? "" : $" Did you mean '{prefix}{best}'?";
    }

    internal static string? Nearest(string name, IEnumerable<string> known)
    {
        string? best = null;
        int bound = Math.Max(1, Math.Min(3, name.Length / 3)) + 1;
        foreach (string candidate in known)
        {
            int distance = string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, candidate, bound);
            if (distance >= bound)
                continue;
            bound = distance;
            best = candidate;
        }

        return best;
    }

    // The number of letters to insert, drop or change; given up above the bound.
    private static int Distance(string left, string right, int bound)
    {
        if (Math.Abs(left.Length - right.Length) >= bound || left.Length > 200 || right.Length > 200)
            return bound;
        int[] row = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
            row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
