namespace Pipeline.Imaging;

/// <summary>Says whether two paths are the same file.</summary>
internal static class FileIdentity
{
    /// <summary>Compares full paths after following links.</summary>
    public static bool Same(string first, string second)
    {
        string a = Path.GetFullPath(first), b = Path.GetFullPath(second);
        StringComparison comparison = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;
        return string.Equals(a, b, comparison) || string.Equals(Resolve(a), Resolve(b), comparison);
    }

    private static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path; // no link, or not there yet
        }
    }
}
