using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Resume;

public sealed class ResumeManifestTests : IDisposable
{
    private const string Options = "options";
    private static readonly InputPhoto s_photo = SampleResult.Photo("in/a.dng");
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private static FinishedPhoto Record(string options = Options, string output = "a_256.jpg", string source = "/in/a.dng") =>
        new(source, 10, 20, options, [new FinishedOutput(output, 256, 256, 171, "jpeg", 4, "00")]);

    private async Task AppendAsync(params FinishedPhoto[] photos)
    {
        await using ResumeManifest manifest = await ResumeManifest.OpenAsync(_temp.Path);
        foreach (FinishedPhoto photo in photos)
            await manifest.AppendAsync(photo);
    }

    private async Task<bool> FindsAsync(InputPhoto photo, string options = Options, string output = "a_256.jpg")
    {
        await using ResumeManifest manifest = await ResumeManifest.OpenAsync(_temp.Path);
        return manifest.Find(photo, options, [output]) is not null;
    }

    [Fact]
    public async Task Find_FinishedPhoto_IsFoundByALaterRun()
    {
        _temp.Write("a_256.jpg", "jpeg");
        await AppendAsync(Record());
        Assert.True(await FindsAsync(s_photo));
    }

    [Fact]
    public async Task Find_AnythingChanged_IsNotFound()
    {
        _temp.Write("a_256.jpg", "jpeg");
        await AppendAsync(Record());
        Assert.False(await FindsAsync(s_photo with { Length = 11 }));
        Assert.False(await FindsAsync(s_photo with { ModifiedTicks = 21 }));
        Assert.False(await FindsAsync(s_photo with { RealPath = "/in/b.dng" }));
        Assert.False(await FindsAsync(s_photo, options: "other"));
        Assert.False(await FindsAsync(s_photo, output: "b_256.jpg"));
    }

    [Fact]
    public async Task Find_OutputMissingOrOfAnotherLength_IsNotFound()
    {
        await AppendAsync(Record());
        Assert.False(await FindsAsync(s_photo));
        _temp.Write("a_256.jpg", "jpeg and more");
        Assert.False(await FindsAsync(s_photo));
    }

    [Fact]
    public async Task Find_OutputWrittenAgainByOtherOptions_IsNotFound()
    {
        _temp.Write("a_256.jpg", "jpeg");
        await AppendAsync(Record(), Record(options: "other"));
        Assert.False(await FindsAsync(s_photo));
        Assert.True(await FindsAsync(s_photo, options: "other"));
    }

    [Fact]
    public async Task Open_TornLastLine_IsCutOffAndTheNextRecordIsWhole()
    {
        _temp.Write("a_256.jpg", "jpeg");
        await AppendAsync(Record());
        string file = _temp[ResumeManifest.FileName];
        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, [.. whole, .. whole.AsSpan(0, whole.Length / 2)], TestContext.Current.CancellationToken);

        await AppendAsync(Record(source: "/in/b.dng", output: "b_256.jpg"));

        ManifestContent content = ManifestContent.Read(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(["/in/a.dng", "/in/b.dng"], content.Photos.Select(photo => photo.Source));
        Assert.Equal(0, content.DamagedLines);
    }

    [Fact]
    public async Task Open_WhileAnotherRunHoldsIt_Throws()
    {
        await using ResumeManifest held = await ResumeManifest.OpenAsync(_temp.Path);
        await Assert.ThrowsAsync<IOException>(() => ResumeManifest.OpenAsync(_temp.Path));
    }
}
