namespace Pipeline.Sync;

/// <summary>A file cannot be used as an append log. It was not changed.</summary>
public sealed class AppendLogException : IOException
{
    internal AppendLogException(string path, AppendLogProblem problem, long offset, string text)
        : base($"'{path}' cannot be used as an append log. {text}") =>
        (Path, Problem, Offset) = (path, problem, offset);

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets what is wrong.</summary>
    public AppendLogProblem Problem { get; }

    /// <summary>Gets where the damage begins.</summary>
    /// <value>Bytes from the start of the file; 0 when the header is the problem.</value>
    public long Offset { get; }
}
