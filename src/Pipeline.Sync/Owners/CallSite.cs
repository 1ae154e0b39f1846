using System.Globalization;

namespace Pipeline.Sync;

/// <summary>A place in the source code, as the compiler filled it in for the caller.</summary>
/// <param name="Member">The method.</param>
/// <param name="FilePath">The source file.</param>
/// <param name="Line">The line, from 1; 0 when unknown.</param>
public readonly record struct CallSite(string Member, string FilePath, int Line)
{
    /// <summary>Returns file name and line, for example <c>Resize.cs:88</c>.</summary>
    /// <returns>The file without its folder, and the line.</returns>
    public override string ToString()
    {
        if (string.IsNullOrEmpty(FilePath))
            return "unknown place";
        int start = FilePath.LastIndexOfAny(['/', '\\']) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{FilePath.AsSpan(start)}:{Line}");
    }
}
