namespace Pipeline.Cli;

/// <summary>The licenses that a photo job shares with other processes.</summary>
internal sealed class PhotoLicenses : IDisposable
{
    private PhotoLicenses(CrossProcessSemaphore? filter, CrossProcessSemaphore? watermark)
    {
        Filter = filter;
        Watermark = watermark;
    }

    /// <summary>Gets the filter licenses; null when filtering is not limited.</summary>
    public CrossProcessSemaphore? Filter { get; }

    /// <summary>Gets the watermark licenses; null when watermarking is not limited.</summary>
    public CrossProcessSemaphore? Watermark { get; }

    /// <summary>Opens the licenses that the options name.</summary>
    /// <exception cref="UsageException">They cannot be opened as asked.</exception>
    public static PhotoLicenses Open(SharingSettings settings)
    {
        CrossProcessSemaphore? filter = null;
        try
        {
            filter = Open(settings, "filter", settings.FilterLicenses, PhotoLevels.Filter);
            return new PhotoLicenses(filter, Open(settings, "watermark", settings.WatermarkLicenses, PhotoLevels.Watermark));
        }
        catch (Exception e) when (e is CapacityMismatchException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            filter?.Dispose();
            throw new UsageException($"The licenses in --license-dir '{settings.LicenseFolder}' cannot be used: {e.Message}");
        }
    }

    /// <summary>Takes what a stage needs, in one set, so that no two workers can wait for each other.</summary>
    /// <returns>What is held; dispose it.</returns>
    public async ValueTask<IAsyncDisposable> AcquireAsync(bool filter, bool watermark, CancellationToken cancellationToken)
    {
        CrossProcessSemaphore[] needed =
            [.. new[] { filter ? Filter : null, watermark ? Watermark : null }.OfType<CrossProcessSemaphore>()];
        return await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, needed, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        Filter?.Dispose();
        Watermark?.Dispose();
    }

    private static CrossProcessSemaphore? Open(SharingSettings settings, string name, int count, LockLevel level) => count == 0
        ? null
        : CrossProcessSemaphore.Open(settings.LicenseFolder!, name, count, new CrossProcessSemaphoreOptions { Level = level });
}
