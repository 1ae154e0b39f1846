using System.Buffers;
using System.Text;

namespace Pipeline.Profiling;

/// <summary>One line of CSV: commas, or semicolons where there is no comma; fields in double quotes may hold both.</summary>
internal static class CsvLine
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",;\"\t\n\r");

    public static string[] Split(string line)
    {
        char separator = line.Contains(',', StringComparison.Ordinal) ? ',' : line.Contains(';', StringComparison.Ordinal) ? ';'
            : line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"')
            {
                if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (c == separator && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString().Trim());
        return [.. fields];
    }

    public static string Quote(string field) =>
        field.AsSpan().IndexOfAny(s_quoted) < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
