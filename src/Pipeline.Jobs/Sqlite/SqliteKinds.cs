using System.Globalization;

namespace Pipeline.Jobs;

/// <summary>A list of kinds as parameters of a statement.</summary>
internal static class SqliteKinds
{
    public static string List(int count) => string.Join(", ", Enumerable.Range(0, count).Select(Parameter));

    public static IEnumerable<(string Name, object? Value)> Values(IEnumerable<string> kinds) => kinds.Select((kind, i) => (Parameter(i), (object?)kind));

    private static string Parameter(int i) => string.Create(CultureInfo.InvariantCulture, $"$kind{i}");
}
