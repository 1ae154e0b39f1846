namespace Pipeline.Imaging.Hostile;

/// <summary>The list of failures that are known: kind, base file and reason in each line. A row whose failure no longer comes must be removed.</summary>
internal sealed class KnownFailures
{
    // In the place of a base file: whichever it is, because threads and old memory decide.
    private const string Any = "*";
    private readonly HashSet<(string Kind, string Base)> _rows;

    private KnownFailures(HashSet<(string Kind, string Base)> rows) => _rows = rows;

    public static KnownFailures Read(string path) =>
        new([.. File.ReadLines(path).Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('\t')).Select(static parts => (parts[0], parts[1]))]);

    /// <summary>Gets the findings that are not listed.</summary>
    public IEnumerable<Finding> New(IEnumerable<Finding> findings) => findings.Where(finding => !_rows.Any(row => Covers(row, finding)));

    /// <summary>Gets the rows that no finding belongs to.</summary>
    public IEnumerable<(string Kind, string Base)> Mended(IReadOnlyCollection<Finding> findings, IReadOnlySet<string> tried, bool peers) =>
        _rows.Where(row => (row.Base == Any || tried.Contains(row.Base)) && (peers || !row.Kind.StartsWith("peer-", StringComparison.Ordinal)) && !findings.Any(finding => Covers(row, finding)));

    private static bool Covers((string Kind, string Base) row, Finding finding) => row.Kind == finding.Kind && (row.Base == Any || row.Base == finding.Base);
}
