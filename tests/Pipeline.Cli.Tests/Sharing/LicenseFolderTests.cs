namespace Pipeline.Cli.Tests.Sharing;

public sealed class LicenseFolderTests
{
    [Fact]
    public void Dispose_FolderOfThisRun_RemovesIt()
    {
        LicenseFolder folder = LicenseFolder.For(new SharingSettings { FilterLicenses = 1 });
        File.WriteAllText(Path.Combine(folder.Path!, "file"), "");
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Dispose_FolderCleanedAwayDuringTheRun_DoesNotFailTheJob()
    {
        LicenseFolder folder = LicenseFolder.For(new SharingSettings { WatermarkLicenses = 1 });
        Directory.Delete(folder.Path!);
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }
}
