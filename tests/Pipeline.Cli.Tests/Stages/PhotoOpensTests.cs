using NetVips;
using Pipeline.Cli.Tests.Support;
using Pipeline.Imaging;

namespace Pipeline.Cli.Tests.Stages;

public sealed class PhotoOpensTests
{
    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_AnyKindOfPhoto_IsOpenedWhenItIsFoundAndWhenItIsDecoded(string executor)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "asks the Linux kernel");
        using TempFolder temp = new();
        SamplePhotos.Raw(temp["in/plain.dng"]);
        new SyntheticCamera(640, 432) { Compression = DngCompression.LosslessJpeg }.TakePhoto(
            temp["in/compressed.dng"], 2, TestContext.Current.CancellationToken);
        using Image gray = Image.Black(640, 432, bands: 3);
        foreach (string name in (string[])["in/a.jpg", "in/b.png", "in/c.tif", "in/d.webp"])
            gray.WriteToFile(temp[name]);
        string[] photos = Directory.GetFiles(temp["in"]);
        using OpenCounter counter = new(photos);
        CliResult result = await CliRun.RunAsync(
            "process", temp["in"], "--out", temp["out"], "--sizes", "256", "--executor", executor, "--keep-metadata", "--no-progress");
        Assert.True(result.ExitCode == ExitCodes.AllDone, result.Out + result.Error);
        Assert.Equal(photos.ToDictionary(photo => photo, _ => 2), counter.Read());
    }
}
