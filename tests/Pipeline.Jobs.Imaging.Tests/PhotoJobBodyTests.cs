using System.IO.Compression;
using System.Text.Json;

namespace Pipeline.Jobs.Imaging.Tests;

public sealed class PhotoJobBodyTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-photos-");
    private readonly SqliteJobStore _store;
    private readonly FolderArtifactStore _artifacts;
    private readonly BillingLedger _ledger;
    private readonly JobWorker _worker;

    public PhotoJobBodyTests()
    {
        _store = new SqliteJobStore(Path.Combine(_folder.FullName, "jobs.db"));
        _artifacts = new FolderArtifactStore(Path.Combine(_folder.FullName, "artifacts"));
        _ledger = SqliteBillingLedger.Open(Path.Combine(_folder.FullName, "ledger"));
        JobBodies bodies = new JobBodies().Add(PhotoJobBody.Kind, new PhotoJobBody(Path.Combine(_folder.FullName, "scratch"), _ledger));
        _worker = new JobWorker(_store, new StoreJobQueue(_store), _artifacts, bodies);
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_PhotosAndALetter_GivesTheBytesOfTheStages_AndListsTheLetter()
    {
        string[] inputs = [await UploadAsync("b.png", await PngAsync(200, 300)), await UploadAsync("letter.jpg", "dear reader, this is no picture"u8.ToArray())];

        Job job = await RunAsync(Payload(inputs));

        Assert.Equal(JobState.Done, job.State);
        PhotoManifest manifest = PhotoManifest.Of(job);
        FinishedPhoto letter = Assert.Single(manifest.Photos, photo => photo.Error is not null);
        Assert.Equal(inputs[1], letter.Input);
        Assert.DoesNotContain(_folder.FullName, letter.Error);
        Assert.Contains("letter.jpg", job.Result!.Summary);
        Dictionary<string, byte[]> entries = await UnzipAsync(job);
        Assert.Contains("manifest.json", entries.Keys);
        foreach (PhotoJobOutput output in manifest.Photos.SelectMany(photo => photo.Outputs))
            Assert.Equal(output.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(entries[output.File])));
        Assert.Equal(await DirectAsync("b.png", await PngAsync(200, 300)), entries["b_64.jpg"]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.FullName, "scratch")));
    }

    [Fact]
    public async Task Run_FromACheckpoint_RedoesNoPhoto()
    {
        string input = await UploadAsync("b.png", await PngAsync(100, 80));
        Job first = await RunAsync(Payload(input));
        await _artifacts.DeleteAsync(input, default); // whoever reads it again fails

        Job second = await RunAsync(Payload(input), first.Checkpoint);

        Assert.Equal(JobState.Done, second.State);
        Assert.Equal(first.Checkpoint, second.Checkpoint);
        Assert.Equal((await UnzipAsync(first))["b_64.jpg"], (await UnzipAsync(second))["b_64.jpg"]);
    }

    [Fact]
    public async Task Settle_PublishedPhotos_AreChargedOnce()
    {
        string[] inputs = [await UploadAsync("b.png", await PngAsync(100, 80)), await UploadAsync("c.png", await PngAsync(90, 80)), await UploadAsync("letter.jpg", "dear reader"u8.ToArray())];
        Job job = await RunAsync(Payload(inputs));
        await new PhotoJobBody(ledger: _ledger).SettleAsync(job, default); // a worker that died before its note was durable

        await _ledger.FoldAsync();

        Assert.True((await _store.FindAsync("acme", job.Id, default))!.IsSettled);
        Assert.Equal(2, (await _ledger.TotalAsync("acme")).Units);
    }

    [Fact]
    public async Task Run_NoPhotoAmongTheInputs_FailsAtOnce()
    {
        Job job = await RunAsync(Payload(await UploadAsync("letter.jpg", "dear reader"u8.ToArray())));

        Assert.Equal((JobState.Failed, 1, "no-photo"), (job.State, job.Leases, job.Problem!.Type));
    }

    [Theory]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"inputs":[{"artifact":"acme/inputs/x/a.png"}],"sizes":[0]}""")]
    [InlineData("""{"inputs":[{"artifact":"acme/inputs/x/a.png"}],"format":"exe"}""")]
    [InlineData("""{"inputs":[{"artifact":"acme/inputs/x/a.png","name":"../../a"}]}""")]
    [InlineData("""{"inputs":[{"artifact":"acme/inputs/x/a.png"},{"artifact":"acme/inputs/x/a.png","name":"b"}]}""")]
    [InlineData("""{"inputs":[{"artifact":"acme/inputs/x/a.png"},{"artifact":"acme/inputs/y/A.png"}]}""")]
    [InlineData("""{"inputs":3}""")]
    [InlineData("[]")]
    [InlineData("""{"inputs":[{"artifact":"globex/inputs/x/a.png"}]}""")]
    public async Task Run_PayloadThatCannotBeDone_FailsAtOnceAndSaysWhy(string payload)
    {
        Job job = await RunAsync(payload);

        Assert.Equal((JobState.Failed, 1), (job.State, job.Leases));
        Assert.Contains(job.Problem!.Type, new[] { "payload-invalid", "no-photo" });
        Assert.DoesNotContain(_folder.FullName, job.Problem.Detail);
    }

    private static string Payload(params string[] inputs) =>
        JsonSerializer.Serialize(new { inputs = inputs.Select(input => new { artifact = input }), sizes = new[] { 64 } }, JsonSerializerOptions.Web);

    private static async Task<byte[]> PngAsync(int width, int height)
    {
        await Task.Yield();
        using NetVips.Image image = NetVips.Image.Xyz(width, height).Cast(NetVips.Enums.BandFormat.Uchar).Bandjoin([30]).Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        return image.PngsaveBuffer();
    }

    private async Task<string> UploadAsync(string file, byte[] content) =>
        (await _artifacts.PutAsync(ArtifactName.OfInput("acme", Guid.NewGuid(), file), new MemoryStream(content), "application/octet-stream", null, default))!.Name;

    private async Task<Job> RunAsync(string payload, string? checkpoint = null)
    {
        SubmitResult accepted = await _store.SubmitAsync(new JobSubmission { Tenant = "acme", Kind = PhotoJobBody.Kind, Payload = payload, Checkpoint = checkpoint, NeedsSettlement = true }, default);
        await _worker.RunOnceAsync(accepted.Job!.Id, TimeSpan.Zero, default).OrHang();
        return (await _store.FindAsync("acme", accepted.Job.Id, default))!;
    }

    private async Task<Dictionary<string, byte[]>> UnzipAsync(Job job)
    {
        using Stream stream = (await _artifacts.OpenReadAsync(job.Result!.Artifact!, default))!;
        using ZipArchive zip = new(stream);
        Dictionary<string, byte[]> entries = [];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using MemoryStream copy = new();
            using Stream source = entry.Open();
            await source.CopyToAsync(copy);
            entries.Add(entry.FullName, copy.ToArray());
        }

        return entries;
    }

    private async Task<byte[]> DirectAsync(string name, byte[] content)
    {
        string file = Path.Combine(_folder.FullName, name);
        await File.WriteAllBytesAsync(file, content);
        string output = Path.Combine(_folder.FullName, "direct");
        StagedPipeline<string, StoredPhoto> pipeline = PipelineBuilder.Start<string>("direct")
            .Stage("decode", new DecodePhoto(new DecodeOptions { TargetWidths = [64] })).Stage("resize", new ResizeTo(64))
            .Stage("encode", new Encode(new JpegFormat(85))).Stage("store", new StoreIn(new FileStore(output))).Build();
        await pipeline.RunAsync([file]).OrHang();
        return await File.ReadAllBytesAsync(Path.Combine(output, $"{Path.GetFileNameWithoutExtension(name)}_64.jpg"));
    }
}
