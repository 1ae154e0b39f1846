namespace Pipeline.Infra;

/// <summary>Something that a test claims about a template is not proved.</summary>
public sealed class ClaimException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="report">The report with the verdicts.</param>
    public ClaimException(string report)
        : base(report)
    {
    }
}
