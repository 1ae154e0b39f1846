namespace Pipeline.Imaging.Tests;

/// <summary>Real camera files beside the checkout; tests that need them are skipped where they are not.</summary>
internal static class SharedRaw
{
    public static string Folder { get; } = Find();

    public static string File(string name)
    {
        string path = Path.Combine(Folder, name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"The camera file {name} is not beside the checkout (../shared/raw).");
        return path;
    }

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string raw = Path.Combine(at.FullName, "shared", "raw");
            if (Directory.Exists(raw))
                return raw;
        }

        return "shared/raw";
    }
}
