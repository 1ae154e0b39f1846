namespace Pipeline.Faults;

/// <summary>Holds faults against the list of known ones: key and reason in each line. A row that no longer comes must be removed.</summary>
internal static class Verdict
{
    /// <summary>Prints what is not listed, and rows that did not come.</summary>
    /// <param name="faults">What was found.</param>
    /// <param name="judged">The start of the keys that this run would have found.</param>
    public static int Print(IReadOnlyCollection<Fault> faults, string judged)
    {
        HashSet<string> known = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "known-failures.txt")).Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('\t')[0])];
        int wrong = 0;
        foreach (IGrouping<string, Fault> group in faults.GroupBy(static fault => fault.Key))
        {
            bool isKnown = known.Contains(group.Key);
            wrong += isKnown ? 0 : 1;
            Console.WriteLine($"{(isKnown ? "known" : "FAULT")} '{group.Key}' {group.Count()} times, first: {group.First().What}");
        }

        foreach (string row in known.Where(row => row.StartsWith(judged, StringComparison.Ordinal) && !faults.Any(fault => fault.Key == row)))
        {
            wrong++;
            Console.WriteLine($"'{row}' is listed in known-failures.txt and did not come. Remove the row.");
        }

        return wrong == 0 ? 0 : 1;
    }
}
