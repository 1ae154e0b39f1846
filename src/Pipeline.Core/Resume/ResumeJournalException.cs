namespace Pipeline.Core;

/// <summary>Thrown when a file cannot be used as a resume journal: it is something else, of another job, of a later version, or damaged.</summary>
public sealed class ResumeJournalException : IOException
{
    /// <summary>Initializes a new instance of the <see cref="ResumeJournalException"/> class.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong and what to do, as sentences.</param>
    public ResumeJournalException(string path, string problem)
        : base($"'{path}' cannot be used as a resume journal. {problem}") =>
        Path = path;

    /// <summary>Gets the file.</summary>
    public string Path { get; }
}
