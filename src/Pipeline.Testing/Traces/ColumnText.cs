using System.Globalization;
using System.Text;

namespace Pipeline.Testing;

/// <summary>Writes a trace as text with one column for each participant.</summary>
public static class ColumnText
{
    private const int Gap = 3;

    /// <summary>Writes the trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <returns>A heading, one line for each step, a line where a participant is preempted, and the verdict; separated by <c>\n</c>.</returns>
    public static string Write(Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        int[] widths =
            [.. trace.Participants.Select(
                (name, i) =>
                    Math.Max(name.Length, trace.Steps.Where(s => s.Participant == i).Select(s => s.Text.Length).DefaultIfEmpty(0).Max()))];
        StringBuilder text = new();
        Line(text, "step", [.. trace.Participants], widths);
        foreach (TraceStep step in trace.Steps)
        {
            if (step.Preempted >= 0)
                Line(text, "", Cells(trace, step.Preempted, "--- preempted"), widths);
            Line(text, step.Number.ToString(CultureInfo.InvariantCulture), Cells(trace, step.Participant, step.Text), widths);
        }

        if (trace.Failure is { } failure)
            text.Append("=> ").Append(failure.Message.Replace("\n", "\n   ", StringComparison.Ordinal));
        else
            text.Append("=> nothing wrong");
        return text.ToString();
    }

    private static string[] Cells(Trace trace, int participant, string cell)
    {
        string[] cells = new string[trace.Participants.Count];
        Array.Fill(cells, "");
        cells[participant] = cell;
        return cells;
    }

    private static void Line(StringBuilder text, string number, string[] cells, int[] widths)
    {
        StringBuilder line = new(number.PadLeft(4));
        for (int i = 0; i < cells.Length; i++)
            line.Append(' ', Gap).Append(cells[i].PadRight(Math.Max(widths[i], "--- preempted".Length)));
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
