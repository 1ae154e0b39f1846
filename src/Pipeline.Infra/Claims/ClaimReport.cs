using System.Text;

namespace Pipeline.Infra;

/// <summary>The verdicts over all claims, with what was taken for granted.</summary>
public sealed class ClaimReport
{
    /// <summary>Gets the templates that were checked.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Gets one verdict per claim, in the order of the claims.</summary>
    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>Gets what was taken for granted.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>Gets what stands in the template and has no effect or is probably not meant.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Gets the outcome of mutation; null when it was not asked for.</summary>
    public MutationReport? Mutations { get; internal set; }

    /// <summary>Gets the exit code of the command: 0 all proved, 1 something refuted or blocked, 3 nothing refuted but something cannot be told.</summary>
    public int ExitCode => Verdicts.Any(v => v.Answer is Answer.Refuted or Answer.Blocked) ? 1 : Verdicts.Any(v => v.Answer == Answer.CannotTell) ? 3 : 0;

    /// <summary>Throws unless every claim is proved; for tests.</summary>
    /// <exception cref="ClaimException">A claim is refuted, blocked or cannot be told; the message is the report.</exception>
    public void EnsureProved()
    {
        if (ExitCode != 0)
            throw new ClaimException(ToText());
    }

    /// <summary>Writes the report as text.</summary>
    /// <returns>The text, lines ended by "\n".</returns>
    public string ToText()
    {
        StringBuilder text = new();
        ClaimReportText.Write(text, this);
        return text.ToString();
    }

    /// <summary>Writes the report as a page that needs nothing else.</summary>
    /// <returns>The HTML.</returns>
    public string ToHtml() => ClaimReportHtml.Write(this);

    /// <summary>Writes the report as JSON (schema pipeline.infra.report/1).</summary>
    /// <param name="stream">Receives the text; stays open.</param>
    public void WriteJson(Stream stream) => ClaimReportJson.Write(stream, this);
}
