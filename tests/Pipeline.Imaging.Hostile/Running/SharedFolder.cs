namespace Pipeline.Imaging.Hostile;

/// <summary>Finds a folder that lies beside the checkout, under shared/.</summary>
internal static class SharedFolder
{
    public static string? Find(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", name);
            if (Directory.Exists(folder))
                return folder;
        }

        return Environment.GetEnvironmentVariable("PIPELINE_SHARED") is { Length: > 0 } shared && Directory.Exists(Path.Combine(shared, name)) ? Path.Combine(shared, name) : null;
    }
}
