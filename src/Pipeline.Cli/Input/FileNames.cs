namespace Pipeline.Cli;

/// <summary>How names of files are compared here.</summary>
internal static class FileNames
{
    /// <summary>Gets the comparison of this operating system's usual file systems.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Gets the comparison for output names: names that differ only in case collide on the next person's disk.</summary>
    public static StringComparer OutputComparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>Tells whether a path is a folder or lies in it.</summary>
    public static bool IsIn(string path, string folder) =>
        Comparer.Equals(path, folder)
        || path.StartsWith(
            Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}
