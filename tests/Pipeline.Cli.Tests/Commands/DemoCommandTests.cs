using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Demo_Small_MakesPhotosAndProcessesThem()
    {
        CliResult result = await CliRun.RunAsync("demo", "--count", "2", "--megapixels", "0.2", "--out", _temp["demo"]);
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Equal(
            [
                "photos/.pipeline-manifest",
                "photos/photo_0001_1920.jpg", "photos/photo_0001_256.jpg", "photos/photo_0001_3840.jpg",
                "photos/photo_0002_1920.jpg", "photos/photo_0002_256.jpg", "photos/photo_0002_3840.jpg",
                "raw/photo_0001.dng", "raw/photo_0002.dng", "report.html", "report.json", "watermark.png",
            ],
            _temp.Listing("demo"));
        Assert.Contains("Done: 2 photos, 6 outputs", result.Out, StringComparison.Ordinal);
        Assert.Contains("report.html", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_SameSeed_GivesTheSameFiles()
    {
        foreach (string folder in new[] { "a", "b" })
            Assert.Equal(
                ExitCodes.AllDone,
                (await CliRun.RunAsync("samples", _temp[folder], "--count", "2", "--megapixels", "0.1", "--seed", "7")).ExitCode);
        Assert.Equal(SamplePhotos.Hashes(_temp["a"]), SamplePhotos.Hashes(_temp["b"]));
        Assert.Equal(2, SamplePhotos.Hashes(_temp["a"]).Values.Distinct().Count());
    }

    [Fact]
    public async Task Samples_Interrupted_ExitsWith130()
    {
        using Interrupts interrupts = new();
        interrupts.Signal();
        using StringWriter writer = new();
        int exitCode = await CliApplication.RunAsync(
            ["samples", _temp["a"], "--count", "2", "--megapixels", "0.1"],
            new CliEnvironment { Out = writer, Error = writer, Interrupts = interrupts });
        Assert.Equal(ExitCodes.Interrupted, exitCode);
    }
}
