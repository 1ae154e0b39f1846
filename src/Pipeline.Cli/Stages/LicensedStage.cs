namespace Pipeline.Cli;

/// <summary>Filter and watermark of a photo, done while the licenses for both are held: taken in one set before, given back after.</summary>
/// <remarks>One stage, because a photo that waited for a worker between two stages would hold its first license meanwhile.</remarks>
/// <param name="licenses">The licenses; they outlive the run.</param>
/// <param name="filter">The filter; null for none.</param>
/// <param name="watermark">The watermark; null for none.</param>
/// <param name="firstWorker">The number of the first worker: 1, or in a worker process the number that the job gave it.</param>
internal sealed class LicensedStage(
    PhotoLicenses licenses, IStage<Photo, Photo>? filter, IStage<Photo, Photo>? watermark, int firstWorker) : IStage<Photo, Photo>
{
    private int _workers = firstWorker - 1; // Interlocked only

    public IStageWorker<Photo, Photo> CreateWorker(StageWorkerContext context) =>
        new Worker(licenses, filter?.CreateWorker(context), watermark?.CreateWorker(context), Interlocked.Increment(ref _workers));

    private sealed class Worker(
        PhotoLicenses licenses,
        IStageWorker<Photo,
        Photo>? filter,
        IStageWorker<Photo,
        Photo>? watermark,
        int number) : IStageWorker<Photo, Photo>
    {
        public async ValueTask<Photo> ProcessAsync(Photo item, CancellationToken cancellationToken)
        {
            using LockOwner owner = LockOwner.Begin($"worker {number}");
            IAsyncDisposable held = await licenses.AcquireAsync(filter is not null, watermark is not null, cancellationToken)
                .ConfigureAwait(false);
            await using (held.ConfigureAwait(false))
            {
                Photo photo = filter is null ? item : await filter.ProcessAsync(item, cancellationToken).ConfigureAwait(false);
                if (watermark is null)
                    return photo;
                try
                {
                    return await watermark.ProcessAsync(photo, cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    if (!ReferenceEquals(photo, item))
                        photo.Dispose(); // the filter took the item over; what it made is owned here
                    throw;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (filter is not null)
                await filter.DisposeAsync().ConfigureAwait(false);
            if (watermark is not null)
                await watermark.DisposeAsync().ConfigureAwait(false);
        }
    }
}
