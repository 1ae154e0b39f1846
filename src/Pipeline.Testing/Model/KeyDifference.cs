namespace Pipeline.Testing;

internal static class KeyDifference
{
    /// <summary>Says which keys are missing, repeated or unexpected.</summary>
    public static string Describe(IReadOnlyList<string> keys, IEnumerable<string> expected)
    {
        HashSet<string> wanted = [.. expected];
        List<string> parts = [];
        foreach (string key in wanted.Except(keys).Order(StringComparer.Ordinal))
            parts.Add($"{key} is missing");
        foreach (IGrouping<string, string> group in keys.GroupBy(k => k).Where(g => g.Count() > 1 && wanted.Contains(g.Key)))
            parts.Add($"{group.Key} is there {group.Count()} times");
        foreach (string key in keys.Distinct().Where(k => !wanted.Contains(k)))
            parts.Add($"{key} should not be there");
        return string.Join(", ", parts);
    }
}
