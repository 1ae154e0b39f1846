namespace Pipeline.Profiling.Tests;

/// <summary>Published scaling data that may lie in a folder <c>shared</c> beside the checkout; tests that need them are skipped without.</summary>
internal static class PublishedData
{
    public static IReadOnlyList<ScalingSeries> Read(string file) => ScalingCsvReader.ReadFile(PathOf(file));

    public static ScalingSeries Single(string file) => Assert.Single(Read(file));

    public static string PathOf(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", "scaling", file);
            if (File.Exists(path))
                return path;
        }

        Assert.Skip($"'{file}' is not in a folder shared/data/scaling beside the checkout.");
        return "";
    }
}
