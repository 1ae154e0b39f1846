using System.IO.Compression;
using System.Text.Json;

namespace Pipeline.Jobs.Imaging;

/// <summary>One attempt at a photo job.</summary>
internal sealed class PhotoRun
{
    // Locking rule: _gate guards _finished, _underWay and _fault.
    private readonly Lock _gate = new();
    private readonly JobContext _context;
    private readonly PhotoJobPayload _payload;
    private readonly string _folder;
    private readonly Dictionary<string, PhotoJobInput> _inputs;
    private readonly Dictionary<string, string> _localToInput = new(StringComparer.Ordinal); // written before the run
    private readonly Dictionary<string, FinishedPhoto> _finished;
    private readonly List<string> _underWay = [];
    private readonly SemaphoreSlim _checkpoint = new(1, 1);
    private Exception? _fault;

    public PhotoRun(JobContext context, PhotoJobPayload payload, string folder)
    {
        _context = context;
        _payload = payload;
        _folder = folder;
        _inputs = payload.Inputs.ToDictionary(input => input.Artifact, StringComparer.Ordinal);
        _finished = PhotoManifest.Of(context.Job).Photos.ToDictionary(photo => photo.Input, StringComparer.Ordinal);
    }

    public async Task RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        PhotoJobInput[] left = [.. _payload.Inputs.Where(input => !_finished.ContainsKey(input.Artifact))];
        for (int i = 0; i < left.Length; i++)
            _localToInput[LocalPath(left[i], i)] = left[i].Artifact;
        if (left.Length == 0)
            return;

        string? watermark = _payload.Watermark is { } mark ? await FetchAsync(mark, Path.Combine(_folder, "watermark"), cancellationToken).ConfigureAwait(false) : null;
        IPhotoFormat format = PhotoStages.Format(_payload);
        StagedPipeline<string, StoredPhoto> pipeline = PhotoStages.Build(
            _payload, (local, token) => FetchPhotoAsync(local, token), local => PhotoStages.NameOf(_inputs[_localToInput[local]]), new ArtifactObjectStore(_context, $"image/{format.Name}"), watermark);
        using CancellationTokenSource fault = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        options.DeadLetter = failure => NoteFailure(failure, fault);
        PipelineRun<StoredPhoto> run = pipeline.Start(_localToInput.Keys, (stored, token) => TakeAsync(stored, token), options, fault.Token);

        // A worker that has to stop takes no new photo, and loses none that is under way.
        using CancellationTokenRegistration drain = _context.Stopping.Register(run.Drain);
        try
        {
            await run.Completion.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Fault() is { } error)
        {
            throw new IOException($"The photos could not go on: {error.Message}", error);
        }

        await CheckpointAsync(cancellationToken).ConfigureAwait(false); // photos that failed after the last one that did not
        if (_finished.Count < _payload.Inputs.Count)
            _context.ThrowIfStopping();
    }

    public async Task<JobResult> PublishAsync(CancellationToken cancellationToken)
    {
        PhotoManifest manifest = Manifest();
        FinishedPhoto[] good = [.. manifest.Photos.Where(photo => photo.Error is null)];
        string[] failures = [.. manifest.Photos.Where(photo => photo.Error is not null).Select(photo => $"{Path.GetFileName(photo.Input)}: {photo.Error}")];
        if (good.Length == 0)
            throw new JobFailedException(new JobProblem("no-photo", "None of the photos could be processed.", JobLimits.Cut(string.Join(" ", failures), JobLimits.DetailCharacters)!));

        string zip = Path.Combine(_folder, "photos.zip");
        await WriteZipAsync(zip, manifest, good, cancellationToken).ConfigureAwait(false);
        FileStream file = new(zip, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            ArtifactInfo stored = await _context.PutAsync("photos.zip", file, "application/zip", cancellationToken).ConfigureAwait(false);
            string[] thumbnails = [.. good.Take(12).Select(photo => photo.Outputs.MinBy(output => output.Width)!.Artifact)];
            PhotoJobSummary summary = new(good.Length, [.. failures.Take(50).Select(failure => JobLimits.Cut(failure, 300)!)], thumbnails);
            return new JobResult(stored.Name, JsonSerializer.Serialize(summary, PhotoJobJson.Default.PhotoJobSummary));
        }
    }

    // Local names are numbered: what users call their files never becomes a path here. The ending is kept, because a RAW name with other content is refused by it.
    private string LocalPath(PhotoJobInput input, int number) =>
        Path.Combine(_folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}{Path.GetExtension(input.Artifact)}"));

    private async ValueTask<string> FetchPhotoAsync(string local, CancellationToken cancellationToken)
    {
        string artifact = _localToInput[local];
        lock (_gate)
            _underWay.Add(Path.GetFileName(artifact));
        Report();
        return await FetchAsync(artifact, local, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> FetchAsync(string artifact, string local, CancellationToken cancellationToken)
    {
        Stream source = await _context.OpenReadAsync(artifact, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            FileStream target = new(local, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (target.ConfigureAwait(false))
                await source.CopyToAsync(target, 128 * 1024, cancellationToken).ConfigureAwait(false);
        }

        return local;
    }

    private async ValueTask TakeAsync(StoredPhoto stored, CancellationToken cancellationToken)
    {
        string artifact = _localToInput[stored.SourcePath];
        string prefix = $"{_context.Job.Tenant}/{_context.Job.Id:N}/";
        PhotoJobOutput[] outputs = [.. stored.Outputs.Select(output => new PhotoJobOutput(output.Path[(prefix.Length + 33)..], output.Path, output.Width, output.Height, output.Bytes, output.Sha256))];
        Finish(new FinishedPhoto(artifact, outputs, null));
        File.Delete(stored.SourcePath);
        await CheckpointAsync(cancellationToken).ConfigureAwait(false);
    }

    private void NoteFailure(ItemFailure failure, CancellationTokenSource fault)
    {
        string artifact = _localToInput[(string)failure.Source!];
        switch (failure.Exception)
        {
            case PhotoException { Reason: not PhotoFailure.StoreFailed } photo:
                // The message names the local copy; the user knows the photo by its own name.
                string local = (string)failure.Source!;
                Finish(new FinishedPhoto(artifact, [], photo.Message.Replace(local, Path.GetFileName(artifact), StringComparison.Ordinal)));
                break;
            case JobFailedException missing:
                Finish(new FinishedPhoto(artifact, [], missing.Problem.Detail));
                break;
            default:
                lock (_gate)
                    _fault ??= failure.Exception;
                fault.Cancel();
                break;
        }
    }

    private void Finish(FinishedPhoto photo)
    {
        lock (_gate)
        {
            _finished[photo.Input] = photo;
            _underWay.Remove(Path.GetFileName(photo.Input));
        }

        Report();
    }

    private void Report()
    {
        lock (_gate)
            _context.Report(_finished.Count, _payload.Inputs.Count, string.Join(", ", _underWay));
    }

    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        await _checkpoint.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _context.CheckpointAsync(JsonSerializer.Serialize(Manifest(), PhotoJobJson.Default.PhotoManifest), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _checkpoint.Release();
        }
    }

    private PhotoManifest Manifest()
    {
        lock (_gate)
            return new PhotoManifest([.. _payload.Inputs.Where(input => _finished.ContainsKey(input.Artifact)).Select(input => _finished[input.Artifact])]);
    }

    private Exception? Fault()
    {
        lock (_gate)
            return _fault;
    }

    private async Task WriteZipAsync(string path, PhotoManifest manifest, FinishedPhoto[] good, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 128 * 1024, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            using ZipArchive zip = new(file, ZipArchiveMode.Create, leaveOpen: true);
            foreach (PhotoJobOutput output in good.SelectMany(photo => photo.Outputs))
            {
                Stream source = await _context.OpenReadAsync(output.Artifact, cancellationToken).ConfigureAwait(false);
                await using (source.ConfigureAwait(false))
                {
                    Stream entry = await Entry(zip, output.File).OpenAsync(cancellationToken).ConfigureAwait(false);
                    await using (entry.ConfigureAwait(false))
                        await source.CopyToAsync(entry, 128 * 1024, cancellationToken).ConfigureAwait(false);
                }
            }

            Stream last = await Entry(zip, "manifest.json").OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (last.ConfigureAwait(false))
                await JsonSerializer.SerializeAsync(last, manifest, PhotoJobJson.Default.PhotoManifest, cancellationToken).ConfigureAwait(false);
        }
    }

    // Pictures do not get smaller by compressing them again; one time for all entries, so that equal jobs give equal files.
    private static ZipArchiveEntry Entry(ZipArchive zip, string name)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry;
    }
}
