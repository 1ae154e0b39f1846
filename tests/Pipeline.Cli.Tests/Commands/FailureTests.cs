using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

/// <summary>The rows of docs/troubleshooting/failures.md: what the tool says, its exit code, and what it leaves.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public FailureTests()
    {
        SamplePhotos.Raw(_temp["in/good.dng"]);
    }

    public void Dispose() => _temp.Dispose();

    // One bad photo beside a good one: it is listed by name and reason, the good one completes, nothing half-written is left.
    private async Task<string> ErrorOfAsync(string name)
    {
        CliResult result =
            await CliRun.RunAsync("process", _temp[name], _temp["in/good.dng"], "--out", _temp["out"], "--sizes", "64", "--json", "-");
        Assert.Equal(ExitCodes.SomeFailed, result.ExitCode);
        Assert.Equal([".pipeline-manifest", "good_64.jpg"], _temp.Listing("out"));
        JsonElement failure = Assert.Single(result.Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(_temp[name], failure.GetProperty("source").GetString());
        string error = failure.GetProperty("error").GetString()!;
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        return error;
    }

    [Fact]
    public async Task Process_ZeroBytes_IsListed()
    {
        _temp.Write("zero.nef", "");
        Assert.Contains("is empty (0 bytes)", await ErrorOfAsync("zero.nef"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_TextNamedAsRaw_IsListed()
    {
        _temp.Write("text.dng", "hello");
        Assert.Contains("is no picture by its content", await ErrorOfAsync("text.dng"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_JpegNamedAsRaw_IsListed()
    {
        using (NetVips.Image black = NetVips.Image.Black(80, 60, bands: 3))
            await File.WriteAllBytesAsync(_temp["really.nef"], black.JpegsaveBuffer(), TestContext.Current.CancellationToken);
        Assert.Contains(
            "is named as camera RAW, but its content is a JPEG picture of 80 x 60 pixels",
            await ErrorOfAsync("really.nef"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_RawOfAKindThatIsUnknown_IsListed()
    {
        byte[] noise = new byte[20_000];
        new Random(4).NextBytes(noise);
        await File.WriteAllBytesAsync(_temp["unknown.raw"], noise, TestContext.Current.CancellationToken);
        Assert.Contains("LibRaw could not", await ErrorOfAsync("unknown.raw"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.25)]
    public async Task Process_TruncatedRaw_IsListed(double share)
    {
        byte[] whole = await File.ReadAllBytesAsync(_temp["in/good.dng"], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_temp["cut.dng"], whole[..(int)(whole.Length * share)], TestContext.Current.CancellationToken);
        Assert.Contains("is cut off", await ErrorOfAsync("cut.dng"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_HeaderBomb_IsListedBeforeAnythingIsAllocated()
    {
        await File.WriteAllBytesAsync(_temp["bomb.png"], Bomb(60_000), TestContext.Current.CancellationToken);
        string error = await ErrorOfAsync("bomb.png");
        Assert.Contains("60000 x 60000", error, StringComparison.Ordinal);
        Assert.DoesNotContain("DecodeOptions", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_UnreadableFile_IsListed()
    {
        OpenToEveryUser();
        File.SetUnixFileMode(_temp.Write("secret.dng", "text"), UnixFileMode.None);
        CliResult result =
            await WithoutRightsAsync("process", _temp["secret.dng"], _temp["in/good.dng"], "--out", _temp["out"], "--sizes", "64");
        Assert.Equal(ExitCodes.SomeFailed, result.ExitCode);
        Assert.Contains("secret.dng' cannot be read. Access is denied", result.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_temp["out/good_64.jpg"]));
    }

    [Fact]
    public async Task Process_MissingFileBesideOthers_IsListed() =>
        Assert.Contains("There is no such file or folder", await ErrorOfAsync("missing.dng"), StringComparison.Ordinal);

    [Fact]
    public async Task Process_OnErrorStop_EndsTheRunAtTheFirstFailure()
    {
        _temp.Write("bad.dng", "text");
        CliResult result = await CliRun.RunAsync(
            "process", _temp["bad.dng"], _temp["in"], "--out", _temp["out"], "--sizes", "64", "--workers", "1", "--on-error", "stop");
        Assert.Equal(ExitCodes.Stopped, result.ExitCode);
        Assert.Contains("Stopped at the first failed photo", result.Out, StringComparison.Ordinal);
        Assert.Contains("bad.dng", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_MoreFailuresThanAllowed_StopsTheRun()
    {
        for (int number = 0; number < 5; number++)
            _temp.Write($"bad{number}.dng", "text");
        string[] bad = [.. Enumerable.Range(0, 5).Select(number => _temp[$"bad{number}.dng"])];
        CliResult allowed = await CliRun.RunAsync(["process", .. bad, "--out", _temp["out"], "--max-failures", "5"]);
        Assert.Equal(ExitCodes.SomeFailed, allowed.ExitCode);
        CliResult stopped = await CliRun.RunAsync(["process", .. bad, "--out", _temp["out"], "--max-failures", "2", "--workers", "1"]);
        Assert.Equal(ExitCodes.Stopped, stopped.ExitCode);
        Assert.Contains("more than --max-failures 2 allows", stopped.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.png", "does not exist")]
    [InlineData("text.png", "is no picture that can be laid over photos")]
    public async Task Process_WatermarkThatCannotBeUsed_IsWrongUsageBeforeAnyWork(string watermark, string message)
    {
        _temp.Write("text.png", "text");
        CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp["out"], "--watermark", _temp[watermark]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["out"]));
    }

    [Fact]
    public async Task Process_OutputFolderIsAFile_IsWrongUsage()
    {
        _temp.Write("out");
        CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp["out"]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("cannot be made", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file/out")]
    [InlineData("in")]
    public async Task Process_OutputFolderThatCannotBe_IsWrongUsage(string folder)
    {
        _temp.Write("file", "x");
        CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp[folder], "--sizes", "64");
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains(
            folder == "in" ? "is both an input and the output folder" : "cannot be made", result.Error, StringComparison.Ordinal);
        Assert.Equal(["good.dng"], _temp.Listing("in"));
    }

    [Fact]
    public async Task Process_ReportInAFolderThatIsNone_IsWrongUsageBeforeAnyWork()
    {
        _temp.Write("file", "x");
        CliResult result =
            await CliRun.RunAsync("process", _temp["in"], "--out", _temp["out"], "--sizes", "64", "--report", _temp["file/report.html"]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("--report", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["out"]));
    }

    [Fact]
    public async Task Process_OutputFolderNotWritable_IsWrongUsage()
    {
        OpenToEveryUser();
        const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(_temp["out"], ReadOnly);
        CliResult result = await WithoutRightsAsync("process", _temp["in"], "--out", _temp["out"]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("cannot be written to", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_OutputFolderInUseByAnotherRun_IsWrongUsage()
    {
        Directory.CreateDirectory(_temp["out"]);
        await using ResumeManifest held = ResumeManifest.Open(_temp["out"]);
        CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp["out"]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("is in use", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_FullDisk_StopsAndLeavesNothingHalfWritten()
    {
        string disk = _temp["disk"];
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk),
            "A small file system can be mounted by the superuser only.");
        try
        {
            SamplePhotos.RawFolder(_temp["in"], 6);
            CliResult result =
                await CliRun.RunAsync("process", _temp["in"], "--out", disk, "--sizes", "640", "--quality", "95", "--workers", "1");
            Assert.Equal(ExitCodes.Stopped, result.ExitCode);
            Assert.Contains("The disk is full", result.Out, StringComparison.Ordinal);
            Assert.Contains("--resume", result.Out, StringComparison.Ordinal);
            Assert.Contains("could not be written: the disk is full. (in store)", result.Out, StringComparison.Ordinal);
            Assert.All(
                _temp.Listing("disk"),
                name => Assert.True(name == ".pipeline-manifest"
                    || (name.EndsWith(".jpg", StringComparison.Ordinal) && new FileInfo(Path.Combine(disk, name)).Length > 0), name));
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("missing")]
    [InlineData("texts")]
    public async Task Process_NothingUsable_ExitsWith3AndMakesNoFolder(string input)
    {
        Directory.CreateDirectory(_temp["empty"]);
        _temp.Write("texts/a.dng");
        CliResult result = await CliRun.RunAsync("process", _temp[input], "--out", _temp["out"]);
        Assert.Equal(ExitCodes.NothingUsable, result.ExitCode);
        Assert.Contains("there is no photo to process", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["out"]));
    }

    [Fact]
    public async Task Process_RawAndJpegOfOneName_BothGetTheirExtension()
    {
        SamplePhotos.Png(_temp["in/good.png"]);
        CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp["out"], "--sizes", "64");
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Equal([".pipeline-manifest", "good.dng_64.jpg", "good.png_64.jpg"], _temp.Listing("out"));
    }

    [Fact]
    public async Task Process_SameFileTwice_IsProcessedOnce()
    {
        File.CreateSymbolicLink(_temp["link.dng"], _temp["in/good.dng"]);
        CliResult result = await CliRun.RunAsync(
            "process", _temp["in/good.dng"], _temp["in/../in/good.dng"], _temp["link.dng"], "--out", _temp["out"], "--sizes", "64");
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Contains("2 inputs had been given before", result.Out, StringComparison.Ordinal);
        Assert.Equal([".pipeline-manifest", "good_64.jpg"], _temp.Listing("out"));
    }

    [Fact]
    public async Task Process_OutputFolderInsideTheInput_IsNotReadAsInput()
    {
        for (int run = 0; run < 2; run++)
        {
            CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp["in/out"], "--sizes", "64");
            Assert.Equal(ExitCodes.AllDone, result.ExitCode);
            Assert.Equal([".pipeline-manifest", "good_64.jpg"], _temp.Listing("in/out"));
        }
    }

    [Fact]
    public async Task Process_OutputWouldReplaceAnInput_IsWrongUsage()
    {
        SamplePhotos.Png(_temp["in/good_64.jpg"]);
        CliResult result =
            await CliRun.RunAsync("process", _temp["in/good.dng"], _temp["in/good_64.jpg"], "--out", _temp["in"], "--sizes", "64");
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("would replace an input", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sizes", "big")]
    [InlineData("--sizes", "0")]
    [InlineData("--quality", "0")]
    [InlineData("--quality", "101")]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "many")]
    [InlineData("--memory", "lots")]
    [InlineData("--memory", "0")]
    [InlineData("--format", "gif")]
    [InlineData("--blur", "-1")]
    [InlineData("--sharpen", "NaN")]
    [InlineData("--max-failures", "x%")]
    [InlineData("--on-error", "ask")]
    [InlineData("--order", "random")]
    public async Task Process_WrongOptionValue_NamesOptionAndValueBeforeAnyWork(string option, string value)
    {
        CliResult result = await CliRun.RunAsync("process", _temp["in"], "--out", _temp["out"], option, value);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains($"{option}: '{value}'", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["out"]));
    }

    [Theory]
    [InlineData("process")]
    [InlineData("process", "in")]
    [InlineData("process", "in", "--out")]
    [InlineData("process", "in", "--out", "out", "--unknown")]
    [InlineData("process", "in", "--out", "out", "--opacity", "0.5")]
    [InlineData("process", "in", "--out", "out", "--on-error", "stop", "--max-failures", "3")]
    [InlineData("process", "in", "--out", "out", "--sizes", "20000", "--format", "webp")]
    [InlineData("unknown")]
    [InlineData("samples")]
    [InlineData("samples", "dir", "--count", "0")]
    [InlineData("demo", "--megapixels", "0")]
    public async Task Run_WrongCommandLine_ExitsWith2AndSaysWhatToRead(params string[] args)
    {
        CliResult result = await CliRun.RunAsync(args);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.StartsWith("pipeline: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", result.Error, StringComparison.Ordinal);
    }

    private void OpenToEveryUser()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Rights are taken away by means of Linux.");
        const UnixFileMode All = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_temp.Path, All);
        File.SetUnixFileMode(_temp["in"], All);
    }

    private static Task<CliResult> WithoutRightsAsync(params string[] args) =>
        Environment.UserName == "root" ? ToolProcess.RunWithoutRightsAsync(args) : CliRun.RunAsync(args);

    private static async Task<bool> RunAsync(string file, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, args) { RedirectStandardError = true })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return process.ExitCode == 0;
    }

    // A PNG of a few bytes whose header says that it is huge.
    private static byte[] Bomb(int size)
    {
        using MemoryStream file = new();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), size);
        header[8] = 8;
        header[9] = 2;
        Chunk(file, "IHDR"u8, header);
        using MemoryStream pixels = new();
        using (ZLibStream zlib = new(pixels, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[1000]);
        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        byte[] content = [.. type, .. data];
        file.Write(length);
        file.Write(content);
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(content));
        file.Write(checksum);
    }

    private static uint Crc32(byte[] content)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in content)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(crc & 1));
        }

        return ~crc;
    }
}
