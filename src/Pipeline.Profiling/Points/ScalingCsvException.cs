namespace Pipeline.Profiling;

/// <summary>A CSV of measured points that cannot be understood.</summary>
public sealed class ScalingCsvException : FormatException
{
    internal ScalingCsvException(string source, int line, string message)
        : base(Invariant($"{source}, line {line}: {message}"))
    {
        Line = line;
    }

    /// <summary>Gets the line where reading stopped.</summary>
    /// <value>From 1.</value>
    public int Line { get; }
}
