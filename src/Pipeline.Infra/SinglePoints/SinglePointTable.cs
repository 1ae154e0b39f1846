using System.Globalization;
using System.Text;

namespace Pipeline.Infra;

/// <summary>Writes two versions of a deployment side by side.</summary>
internal static class SinglePointTable
{
    internal static string Write(SinglePointReport left, SinglePointReport right)
    {
        List<string[]> rows = new()
        { new[] { "part", string.Join(", ", left.Files), string.Join(", ", right.Files), "users see when it is lost" } };
        string[] kinds = [.. left.Components.Concat(right.Components).Select(component => component.Kind).Distinct()];
        foreach (string kind in kinds)
        {
            Component[] l = [.. left.Components.Where(component => component.Kind == kind)];
            Component[] r = [.. right.Components.Where(component => component.Kind == kind)];
            Component shown = l.Concat(r).OrderBy(component => component.Alone is null).First();
            rows.Add([kind, Cell(l), Cell(r), shown.UsersSee]);
        }

        rows.Add(["stand alone", Count(left), Count(right), ""]);
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
            text.Append(string.Join(" | ", row.Select((cell, column) => column == 3 ? cell : cell.PadRight(widths[column])))).Append('\n');
        return text.ToString();
    }

    private static string Count(SinglePointReport report) => report.Alone.Count.ToString(CultureInfo.InvariantCulture);

    private static string Cell(Component[] components)
    {
        if (components.Length == 0)
            return "-";
        Component? alone = Array.Find(components, component => component.Alone is not null);
        return alone is not null ? $"ALONE: {alone.Name}{(alone.LostWithZone ? ", with its zone" : "")}" : $"doubled: {components[0].Redundancy}";
    }
}
