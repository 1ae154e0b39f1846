namespace Pipeline.Imaging.Hostile;

/// <summary>Prints what came, a row for each base file.</summary>
internal static class ResultTable
{
    public static void Print(TextWriter target, List<(string Base, int Number, Outcome First, Outcome Second)> results, IReadOnlyList<Finding> findings)
    {
        target.WriteLine($"{"base",-28} {"tried",6} {"taken",6} {"refused",8} {"crash",6} {"hang",5} {"differ",7} {"message",8} {"untyped",8} {"memory",7} {"slowest ms",11} {"peak MiB",9}  refused by reason");
        foreach (IGrouping<string, (string Base, int Number, Outcome First, Outcome Second)> group in results.GroupBy(static result => result.Base).Append(results.GroupBy(static _ => "all").Single()))
            PrintRow(target, group.Key, [.. group], [.. findings.Where(finding => group.Key == "all" || finding.Base == group.Key)]);
    }

    private static void PrintRow(TextWriter target, string name, List<(string Base, int Number, Outcome First, Outcome Second)> rows, List<Finding> findings)
    {
        int Count(string kind) => findings.Count(finding => finding.Kind == kind);
        int Ended(OutcomeKind kind) => rows.Count(row => row.First.Kind == kind);
        string reasons = string.Join(", ", rows.Where(static row => row.First.Kind == OutcomeKind.Refused).GroupBy(static row => row.First.Detail).OrderByDescending(static g => g.Count()).Select(static g => $"{g.Key} {g.Count()}"));
        target.WriteLine($"{name,-28} {rows.Count,6} {Ended(OutcomeKind.Accepted),6} {Ended(OutcomeKind.Refused),8} {Count("crashed"),6} {Count("hung"),5} {Count("differs"),7} {Count("message"),8} {Count("untyped"),8} {Count("overmemory"),7} "
            + $"{rows.Max(static row => Math.Max(row.First.Milliseconds, row.Second.Milliseconds)),11} {rows.Max(static row => Math.Max(row.First.PeakMebibytes, row.Second.PeakMebibytes)),9}  {reasons}");
    }
}
