using System.Text.Json;
using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ProcessCommandTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private Task<CliResult> ProcessAsync(string input, params string[] options) =>
        CliRun.RunAsync(["process", _temp[input], "--out", _temp["out"], .. options]);

    [Fact]
    public async Task Process_Folder_WritesOneOutputPerPhotoAndWidth()
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);
        SamplePhotos.Raw(_temp["in/trip/b.dng"]);

        CliResult result = await ProcessAsync("in", "--sizes", "320,thumb");

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Equal([".pipeline-manifest", "a_256.jpg", "a_320.jpg", "trip/b_256.jpg", "trip/b_320.jpg"], _temp.Listing("out"));
        Assert.Contains("Done: 2 photos, 4 outputs", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_JsonToStandardOutput_PrintsTheDocumentAndNothingElse()
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);

        CliResult result = await ProcessAsync("in", "--sizes", "320,256", "--json", "-");

        JsonElement output = result.Json.GetProperty("outputs")[0];
        Assert.Equal(_temp["in/a.dng"], output.GetProperty("source").GetString());
        Assert.Equal(320, output.GetProperty("width").GetInt32());
        Assert.Equal(216, output.GetProperty("height").GetInt32());
        string path = output.GetProperty("path").GetString()!;
        Assert.Equal(output.GetProperty("bytes").GetInt64(), new FileInfo(path).Length);
        Assert.Equal(output.GetProperty("sha256").GetString(), SamplePhotos.Hashes(_temp["out"])["a_320.jpg"].ToLowerInvariant());
        Assert.Contains("Done: 1 photo", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_Quiet_PrintsNothing()
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);
        CliResult result = await ProcessAsync("in", "--sizes", "64", "--quiet");
        Assert.Equal(("", "", ExitCodes.AllDone), (result.Out, result.Error, result.ExitCode));
    }

    [Fact]
    public async Task Process_QuietWithAFailure_NamesIt()
    {
        string bad = _temp.Write("bad.dng", "text");
        CliResult result = await CliRun.RunAsync("process", bad, "--out", _temp["out"], "--quiet");
        Assert.Equal(ExitCodes.SomeFailed, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains(bad, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_AnyWorkersAndOrder_GivesTheSameBytes()
    {
        SamplePhotos.RawFolder(_temp["in"], 6);
        SamplePhotos.Png(_temp["logo.png"]);
        string[][] ways =
            [["--workers", "1"], ["--workers", "2"], ["--workers", "4"], ["--workers", "4", "--order", "input"], ["--workers", "2"]];
        SortedDictionary<string, string>? first = null;
        foreach (string[] way in ways)
        {
            string folder = _temp[$"out{Guid.NewGuid():N}"];
            CliResult result = await CliRun.RunAsync(
                ["process", _temp["in"], "--out", folder, "--sizes", "320,64", "--blur", "0.8", "--sharpen", "0.6", "--watermark",
                    _temp["logo.png"], .. way]);
            Assert.Equal(ExitCodes.AllDone, result.ExitCode);
            first ??= SamplePhotos.Hashes(folder);
            Assert.Equal(12, first.Count);
            Assert.Equal(first, SamplePhotos.Hashes(folder));
        }
    }

    [Fact]
    public async Task Process_PhotoNarrowerThanAWidth_KeepsItsOwnUnlessEnlarged()
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);
        CliResult kept = await ProcessAsync("in", "--sizes", "1920", "--json", "-");
        Assert.Equal(640, kept.Json.GetProperty("outputs")[0].GetProperty("width").GetInt32());
        Assert.Contains("narrower than a requested width", kept.Error, StringComparison.Ordinal);
        CliResult enlarged = await ProcessAsync("in", "--sizes", "1920", "--enlarge", "--json", "-");
        Assert.Equal(1920, enlarged.Json.GetProperty("outputs")[0].GetProperty("width").GetInt32());
        Assert.Equal([".pipeline-manifest", "a_1920.jpg"], _temp.Listing("out"));
    }

    [Theory]
    [InlineData("jpeg", ".jpg")]
    [InlineData("png", ".png")]
    [InlineData("webp", ".webp")]
    [InlineData("avif", ".avif")]
    [InlineData("tiff", ".tif")]
    public async Task Process_Format_WritesThatFormat(string format, string extension)
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);
        CliResult result = await ProcessAsync("in", "--sizes", "64", "--format", format, "--json", "-");
        Assert.Equal(format, result.Json.GetProperty("outputs")[0].GetProperty("format").GetString());
        Assert.Equal([".pipeline-manifest", $"a_64{extension}"], _temp.Listing("out"));
        using NetVips.Image image = NetVips.Image.NewFromFile(_temp[$"out/a_64{extension}"]);
        Assert.Equal((64, 43), (image.Width, image.Height));
    }

    [Fact]
    public async Task Process_MemoryBelowOnePhoto_ProcessesThemOneAtATimeAndSaysSo()
    {
        SamplePhotos.RawFolder(_temp["in"], 3);
        CliResult result = await ProcessAsync("in", "--sizes", "64", "--memory", "64KiB");
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Contains("3 photos needed more than the memory budget of 64 KiB and ran alone", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_NoMemoryLimitAndAutomaticWorkers_IsReported()
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);
        CliResult result = await ProcessAsync("in", "--sizes", "64", "--memory", "none", "--workers", "auto", "--json", "-");
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("memory").GetProperty("budgetBytes").ValueKind);
        Assert.Equal(Environment.ProcessorCount, result.Json.GetProperty("workers").GetInt32());
    }

    [Fact]
    public async Task Process_Report_WritesOneFileWithThumbnails()
    {
        SamplePhotos.Raw(_temp["in/a.dng"]);
        CliResult result = await ProcessAsync("in", "--sizes", "320", "--report", _temp["reports/run.html"]);
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        string html = await File.ReadAllTextAsync(_temp["reports/run.html"], TestContext.Current.CancellationToken);
        Assert.Contains("data:image/jpeg;base64,/9j/", html, StringComparison.Ordinal);
        Assert.Contains("href=\"../out/a_320.jpg\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_StageTimes_AddUpToTheWallTime()
    {
        SamplePhotos.RawFolder(_temp["in"], 4);
        CliResult result = await ProcessAsync("in", "--sizes", "320", "--json", "-");
        double elapsed = result.Json.GetProperty("elapsedSeconds").GetDouble();
        foreach (JsonElement stage in result.Json.GetProperty("stages").EnumerateArray())
        {
            double sum = new[] { "busySeconds", "starvedSeconds", "blockedSeconds", "orderingSeconds", "frameworkSeconds" }.Sum(
                name => stage.GetProperty(name).GetDouble());
            Assert.InRange(sum / stage.GetProperty("workers").GetInt32() / elapsed, 0.98, 1.02);
        }
    }
}
