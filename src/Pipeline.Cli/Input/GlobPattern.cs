using System.IO.Enumeration;

namespace Pipeline.Cli;

/// <summary>Paths with <c>*</c>, <c>?</c> and <c>**</c>, for shells that do not expand them and for quoted arguments.</summary>
internal static class GlobPattern
{
    /// <summary>Tells whether a text is a pattern and not the name of something that exists.</summary>
    public static bool IsPattern(string text) =>
        text.AsSpan().ContainsAny('*', '?') && !Path.Exists(text);

    /// <summary>Finds the files that match.</summary>
    /// <param name="pattern">A pattern; <c>**</c> stands for any number of folders, <c>*</c> and <c>?</c> stay within one name.</param>
    /// <returns>The part of the pattern in front of the first wildcard, and the files under it, sorted.</returns>
    public static (string Root, IReadOnlyList<string> Files) Expand(string pattern)
    {
        string[] parts = pattern.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]);
        int first = Array.FindIndex(parts, part => part.AsSpan().ContainsAny('*', '?'));
        string root = string.Join(Path.DirectorySeparatorChar, parts[..first]);
        // "/*.dng" has an empty first part: the root of the file system.
        if (first > 0 && root.Length == 0)
            root = Path.DirectorySeparatorChar.ToString();
        List<string> files = new();
        string start = root.Length == 0 ? "." : root;
        if (Directory.Exists(start))
            Match(root, start, parts.AsSpan(first), files);
        files.Sort(StringComparer.Ordinal);
        return (root, files.Distinct(FileNames.Comparer).ToList());
    }

    private static void Match(string shown, string folder, ReadOnlySpan<string> parts, List<string> files)
    {
        string part = parts[0];
        bool last = parts.Length == 1;
        if (part == "**")
        {
            Match(shown, folder, last ? ["*"] : parts[1..], files);
            foreach (string child in Folders(folder))
            {
                string name = Path.GetFileName(child);
                // Links to folders are not followed by "**": they could lead back up.
                if (!name.StartsWith('.') && new DirectoryInfo(child).LinkTarget is null)
                    Match(Path.Combine(shown, name), child, parts, files);
            }

            return;
        }

        foreach (string entry in last ? Files(folder) : Folders(folder))
        {
            string name = Path.GetFileName(entry);
            if (!FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: !OperatingSystem.IsLinux()))
                continue;
            if (name.StartsWith('.') && !part.StartsWith('.'))
                continue;
            if (last)
                files.Add(Path.Combine(shown, name));
            else
                Match(Path.Combine(shown, name), entry, parts[1..], files);
        }
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", s_plain);
    private static IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(folder, "*", s_plain);
    private static readonly EnumerationOptions s_plain = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
}
