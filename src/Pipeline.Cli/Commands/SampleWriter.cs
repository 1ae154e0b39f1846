using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Writes sample photos: synthetic camera RAW files.</summary>
internal static class SampleWriter
{
    /// <summary>Writes the photos; existing ones of the same names are replaced.</summary>
    /// <exception cref="UsageException">The folder cannot be made.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; the files written so far stay, each whole.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(SampleOrder order, CliEnvironment environment)
    {
        try
        {
            Directory.CreateDirectory(order.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The folder '{order.Folder}' cannot be made: {e.Message}");
        }

        string[] files = [.. Enumerable.Range(1, order.Count).Select(number =>
            Path.Combine(order.Folder, string.Create(CultureInfo.InvariantCulture, $"photo_{number:0000}.dng")))];
        ParallelOptions options = new()
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = environment.Interrupts.DrainRequested,
        };
        await Parallel.ForAsync(0, files.Length, options, (index, cancellationToken) =>
        {
            // Cameras write both forms, so both are tried.
            SyntheticCamera camera = SyntheticCamera.OfMegapixels(order.Megapixels);
            DngCompression compression = index % 2 == 0 ? DngCompression.None : DngCompression.LosslessJpeg;
            new SyntheticCamera(camera.Width, camera.Height) { Compression = compression }
                .TakePhoto(files[index], unchecked(order.Seed + index), cancellationToken);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return files;
    }
}
