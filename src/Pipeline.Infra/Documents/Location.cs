namespace Pipeline.Infra;

/// <summary>A place in a file.</summary>
/// <param name="File">The name of the file as the caller gave it.</param>
/// <param name="Line">The line, from 1.</param>
public readonly record struct Location(string File, int Line)
{
    /// <summary>Writes the place as editors understand it.</summary>
    /// <returns>"file:line".</returns>
    public override string ToString() => $"{File}:{Line}";
}
