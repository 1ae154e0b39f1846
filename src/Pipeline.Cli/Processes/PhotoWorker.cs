namespace Pipeline.Cli;

/// <summary>Does photos in a worker process, one at a time, with the very stages of the run in tasks. The licenses stay open for the life of the
/// process.</summary>
/// <remarks>Locking: none; a worker process handles one call at a time.</remarks>
internal sealed class PhotoWorker : IDisposable
{
    private PhotoLicenses? _licenses;
    private FileStore? _store;

    /// <summary>Does one photo.</summary>
    /// <param name="order">Which photo, and what the user asked for. All orders of a job name the same licenses and the same output folder.</param>
    /// <returns>Its outputs, or why there are none. A license that was held is given back before the answer.</returns>
    public async ValueTask<PhotoOutcome> DevelopAsync(PhotoOrder order)
    {
        PhotoJobSettings settings = order.ToSettings();
        if (settings.Sharing.LicenseFolder is not null && _licenses is null)
        {
            try
            {
                _licenses = PhotoLicenses.Open(settings.Sharing);
            }
            catch (UsageException e)
            {
                return new PhotoOutcome(null, "licenses", e.Message);
            }
        }

        using FailureWatch watch = new(null, CancellationToken.None);
        StoredPhoto? stored = null;
        // One for all photos: a new one would look through the whole folder for leftovers again.
        _store ??= new FileStore(order.OutputFolder) { LeftoverAge = TimeSpan.FromMinutes(1) };
        StagedPipeline<PhotoSource, StoredPhoto> pipeline =
            PhotoPipeline.Build(settings, _store, _ => order.OutputName, watch, _licenses, order.Worker);
        try
        {
            await pipeline.RunAsync(
                [order.Photo],
                (photo, _) =>
                {
                    stored = photo;
                    return ValueTask.CompletedTask;
                },
                new RunOptions { Workers = 1 }).ConfigureAwait(false);
            return new PhotoOutcome(stored);
        }
        catch (PipelineStageException e)
        {
            return new PhotoOutcome(null, e.Stage, ErrorText.Of(e.InnerException ?? e), watch.Reason);
        }
    }

    public void Dispose() => _licenses?.Dispose();
}
