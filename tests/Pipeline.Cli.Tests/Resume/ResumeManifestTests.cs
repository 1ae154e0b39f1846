using Pipeline.Cli.Tests.Support;
using Pipeline.Sync;

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
        await using ResumeManifest manifest = ResumeManifest.Open(_temp.Path);
        foreach (FinishedPhoto photo in photos)
            await manifest.AppendAsync(photo);
    }

    private async Task<bool> FindsAsync(InputPhoto photo, string options = Options, string output = "a_256.jpg")
    {
        await using ResumeManifest manifest = ResumeManifest.Open(_temp.Path);
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

    // Each prefix of the file: this is what a kill at any byte leaves.
    [Fact]
    public async Task Open_AnyPrefix_FindsExactlyTheCompleteRecordsAndAppendsWholeOnes()
    {
        string[] sources = ["/photos/a.dng", "/photos/line\nfeed.nef", "/ü/日本 \"x\"\\y.cr3"];
        string file = _temp[ResumeManifest.FileName];
        List<long> ends = [];
        await AppendAsync();
        foreach (string source in sources)
        {
            ends.Add(new FileInfo(file).Length);
            await AppendAsync(Record(source: source));
        }

        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        for (int length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(file, whole[..length], TestContext.Current.CancellationToken);
            await using (ResumeManifest.Open(_temp.Path))
                Assert.Equal(sources.Where((_, index) => length >= (index + 1 < ends.Count ? ends[index + 1] : whole.Length)), Sources());
        }

        await File.WriteAllBytesAsync(file, whole[..^1], TestContext.Current.CancellationToken);
        await AppendAsync(Record(source: "/in/next.dng"));
        Assert.Equal([sources[0], sources[1], "/in/next.dng"], Sources());
    }

    [Fact]
    public async Task Open_AnyByteOfARecordChanged_LosesOnlyThatRecord()
    {
        string file = _temp[ResumeManifest.FileName];
        await AppendAsync();
        long start = new FileInfo(file).Length;
        await AppendAsync(Record(source: "/a"));
        long end = new FileInfo(file).Length;
        await AppendAsync(Record(source: "/b"));
        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        for (long index = start; index < end; index++)
        {
            byte[] changed = [.. whole];
            changed[index] ^= 1;
            await File.WriteAllBytesAsync(file, changed, TestContext.Current.CancellationToken);
            await using (ResumeManifest.Open(_temp.Path))
                Assert.Equal(["/b"], Sources());
        }
    }

    [Fact]
    public async Task Open_Record_GivesItBackWhole()
    {
        FinishedPhoto photo = Record();
        await AppendAsync(photo);
        FinishedPhoto? read = null;
        AppendLog.Read(_temp[ResumeManifest.FileName], ResumeManifest.LogOptions, record => read = ResumeManifest.Read(record));
        Assert.Equal(photo.Outputs, read!.Outputs);
        Assert.Equal(photo with { Outputs = [] }, read with { Outputs = [] });
        Assert.Null(ResumeManifest.Read("{}"u8));
    }

    [Fact]
    public void Open_SomethingElse_IsRefusedAndLeftAlone()
    {
        string file = _temp.Write(ResumeManifest.FileName, "1 0123456789abcdef {}\n");
        Assert.Equal(AppendLogProblem.OtherKind, Assert.Throws<AppendLogException>(() => ResumeManifest.Open(_temp.Path)).Problem);
        UsageException told = Assert.Throws<UsageException>(() => JobChecks.OpenOutputFolder(_temp.Path));
        Assert.Contains("Remove the file", told.Message, StringComparison.Ordinal);
        Assert.Equal("1 0123456789abcdef {}\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task Open_WhileAnotherRunHoldsIt_Throws()
    {
        await using ResumeManifest held = ResumeManifest.Open(_temp.Path);
        Assert.Equal(AppendLogProblem.Held, Assert.Throws<AppendLogException>(() => ResumeManifest.Open(_temp.Path)).Problem);
    }

    private List<string> Sources()
    {
        List<string> sources = [];
        AppendLog.Read(
            _temp[ResumeManifest.FileName], ResumeManifest.LogOptions, record => sources.Add(ResumeManifest.Read(record)!.Source));
        return sources;
    }
}
