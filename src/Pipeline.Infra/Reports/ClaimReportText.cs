using System.Globalization;
using System.Text;

namespace Pipeline.Infra;

/// <summary>Writes a report for a terminal.</summary>
internal static class ClaimReportText
{
    internal static void Write(StringBuilder text, ClaimReport report)
    {
        foreach (Verdict verdict in report.Verdicts)
            Write(text, verdict);
        Section(text, "Taken for granted", report.Assumptions);
        Section(text, "Also seen", report.Findings.Select(finding => $"{finding.At}: {finding.Code}: {finding.Message}"));
        if (report.Mutations is { } mutations)
            mutations.Write(text);
        int proved = report.Verdicts.Count(v => v.Answer == Answer.Proved);
        int refuted = report.Verdicts.Count(v => v.Answer is Answer.Refuted or Answer.Blocked);
        int open = report.Verdicts.Count - proved - refuted;
        text.Append(CultureInfo.InvariantCulture, $"{report.Verdicts.Count} claims: {proved} proved, {refuted} refuted or blocked, {open} cannot be told.\n");
        text.Append("Proved means: for every packet, by the template and the rules of the network as docs/reference/infra-semantics.md lists them. No packet was sent.\n");
    }

    internal static void Write(StringBuilder text, Verdict verdict)
    {
        string answer = Name(verdict.Answer);
        text.Append(CultureInfo.InvariantCulture, $"{answer,-11} {verdict.Claim}  ({verdict.At})\n");
        text.Append(CultureInfo.InvariantCulture, $"            {verdict.Summary}\n");
        if (verdict.Packet is { } packet)
            text.Append(CultureInfo.InvariantCulture, $"            packet: {packet}\n");
        int number = 0;
        foreach (VerdictStep step in verdict.Steps)
        {
            string reply = step.IsReply ? "answer: " : "";
            string code = step.Code.Length == 0 ? "" : $" [{step.Code}]";
            text.Append(CultureInfo.InvariantCulture, $"            {++number,2}. {reply}{step.Text}{code} ({step.At})\n");
        }

        foreach (Gap gap in verdict.Gaps)
            text.Append(CultureInfo.InvariantCulture, $"            missing: {gap}\n");
        foreach (string note in verdict.Notes)
            text.Append(CultureInfo.InvariantCulture, $"            note: {note}\n");
    }

    internal static string Name(Answer answer) => answer switch
    {
        Answer.Proved => "proved",
        Answer.Refuted => "REFUTED",
        Answer.Blocked => "BLOCKED",
        _ => "cannot tell",
    };

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"{title}:\n");
        foreach (string line in all)
            text.Append(CultureInfo.InvariantCulture, $"  {line}\n");
    }
}
