namespace Pipeline.Cases.Tests;

/// <summary>The case files beside the checkout, in shared/cases; without them their tests are skipped.</summary>
internal static class Shared
{
    public static string? Cases { get; } = SharedFolder.Find("cases");

    public static string File(params string[] parts)
    {
        Assert.SkipUnless(Cases is not null, "The folder shared/cases is not beside the checkout.");
        string path = Path.Combine([Cases!, .. parts]);
        Assert.SkipUnless(System.IO.File.Exists(path), $"The case file {path} is not there.");
        return path;
    }

    public static byte[] Bytes(params string[] parts) => System.IO.File.ReadAllBytes(File(parts));
}
