namespace Pipeline.Cli.Tests.Sharing;

public sealed class LicenseDirectoryTests
{
    [Fact]
    public void Dispose_FolderOfThisRun_RemovesIt()
    {
        LicenseDirectory folder = LicenseDirectory.For(new SharingSettings { FilterLicenses = 1 });
        File.WriteAllText(Path.Combine(folder.Path!, "file"), "");
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Dispose_FolderCleanedAwayDuringTheRun_DoesNotFailTheJob()
    {
        LicenseDirectory folder = LicenseDirectory.For(new SharingSettings { WatermarkLicenses = 1 });
        Directory.Delete(folder.Path!);
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }
}
