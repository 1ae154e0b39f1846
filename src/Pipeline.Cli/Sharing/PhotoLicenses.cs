namespace Pipeline.Cli;

/// <summary>The licenses that a photo job shares with other processes.</summary>
internal sealed class PhotoLicenses : IDisposable
{
    /// <summary>The environment variable that shows what an order is good for: with <c>1</c>, every second worker asks in the opposite order without a set.</summary>
    public const string OppositeOrderVariable = "PIPELINE_TEST_OPPOSITE_LICENSE_ORDER";

    private PhotoLicenses(CrossProcessSemaphore? filter, CrossProcessSemaphore? watermark)
    {
        Filter = filter;
        Watermark = watermark;
    }

    /// <summary>Gets the filter licenses; null when filtering is not limited.</summary>
    public CrossProcessSemaphore? Filter { get; }

    /// <summary>Gets the watermark licenses; null when watermarking is not limited.</summary>
    public CrossProcessSemaphore? Watermark { get; }

    public static bool OppositeOrder { get; } = Environment.GetEnvironmentVariable(OppositeOrderVariable) == "1";

    /// <summary>Opens the licenses that the options name.</summary>
    /// <param name="settings">The options.</param>
    /// <returns>The licenses.</returns>
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

    /// <summary>Takes what a stage needs, in one set; with the test switch, one after the other in the order of <paramref name="worker"/>.</summary>
    /// <param name="filter">Whether the stage filters.</param>
    /// <param name="watermark">Whether the stage watermarks.</param>
    /// <param name="worker">The number of the worker.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What is held; dispose it.</returns>
    public async ValueTask<IAsyncDisposable> AcquireAsync(bool filter, bool watermark, int worker, CancellationToken cancellationToken)
    {
        CrossProcessSemaphore[] needed = [.. new[] { filter ? Filter : null, watermark ? Watermark : null }.OfType<CrossProcessSemaphore>()];
        if (!OppositeOrder || needed.Length < 2)
            return await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, needed, cancellationToken).ConfigureAwait(false);
        if (worker % 2 == 1)
            Array.Reverse(needed);
        PermitLease first = await needed[0].AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Until somebody holds the other license: then the circle closes in every run. A worker that is alone goes on after a while.
            for (int look = 0; look < 500 && needed[1].Describe().Held == 0; look++)
                await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(false);
            PermitLease second = await needed[1].AcquireAsync(cancellationToken).ConfigureAwait(false);
            return new Both(first, second);
        }
        catch
        {
            await first.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Filter?.Dispose();
        Watermark?.Dispose();
    }

    private static CrossProcessSemaphore? Open(SharingSettings settings, string name, int count, LockLevel level) => count == 0
        ? null
        : CrossProcessSemaphore.Open(settings.LicenseFolder!, name, count, new CrossProcessSemaphoreOptions { Level = OppositeOrder ? null : level });

    private sealed class Both(PermitLease first, PermitLease second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await second.DisposeAsync().ConfigureAwait(false);
            await first.DisposeAsync().ConfigureAwait(false);
        }
    }
}
