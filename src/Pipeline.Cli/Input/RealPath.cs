namespace Pipeline.Cli;

/// <summary>Tells which file a path really means, so that one file under two names is processed once.</summary>
internal static class RealPath
{
    // As Linux does: more links than this in one path are a loop.
    private const int MostLinks = 40;

    /// <summary>Makes a path absolute and follows every symbolic link in it. Parts that do not exist are kept as they are.</summary>
    /// <returns>The path without links; the plain full path when the links form a loop or cannot be read.</returns>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return Resolve(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }

    private static string Resolve(string full)
    {
        int links = 0;
        string root = Path.GetPathRoot(full)!;
        Stack<string> left = new(Parts(full[root.Length..]).Reverse());
        string done = root;
        while (left.TryPop(out string? part))
        {
            string next = Path.Combine(done, part);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
                throw new IOException($"'{full}' goes through a loop of symbolic links.");
            string resolved = Path.GetFullPath(target, done);
            root = Path.GetPathRoot(resolved)!;
            foreach (string targetPart in Parts(resolved[root.Length..]).Reverse())
                left.Push(targetPart);
            done = root;
        }

        return done;
    }

    private static string[] Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
