using Pipeline.Imaging;

namespace Pipeline.Cli.Tests.Support;

/// <summary>Small photos for the tests: synthetic camera RAW, and pictures made from it.</summary>
internal static class SamplePhotos
{
    public static string Raw(string path, int seed = 1, int width = 640, int height = 432)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new SyntheticCamera(width, height).TakePhoto(path, seed);
        return path;
    }

    public static void RawFolder(string folder, int count)
    {
        for (int number = 1; number <= count; number++)
            Raw(Path.Combine(folder, $"photo_{number:00}.dng"), number);
    }

    public static string Png(string path, int width = 64, int height = 64)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using NetVips.Image black = NetVips.Image.Black(width, height, bands: 3);
        using NetVips.Image gray = black.NewFromImage(120, 130, 140);
        gray.WriteToFile(path);
        return path;
    }

    /// <summary>Gets the outputs of a run by name with the SHA-256 of their content.</summary>
    public static SortedDictionary<string, string> Hashes(string folder)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!Path.GetFileName(file).StartsWith('.'))
                hashes.Add(
                    Path.GetRelativePath(folder, file),
                    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
        }

        return hashes;
    }
}
