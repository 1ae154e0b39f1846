namespace Pipeline.Cli;

/// <summary>The folder of a job's licenses: the one that the user named, or one for this run alone, which goes with it.</summary>
internal sealed class LicenseDirectory : IDisposable
{
    private readonly bool _isOwn;

    private LicenseDirectory(string? path, bool isOwn)
    {
        Path = path;
        _isOwn = isOwn;
    }

    /// <summary>Gets the folder; null without licenses.</summary>
    public string? Path { get; }

    /// <summary>Finds or makes the folder.</summary>
    /// <returns>The folder; dispose it when no process of the run uses it any more.</returns>
    public static LicenseDirectory For(SharingSettings settings) =>
        settings.LicenseFolder is not null ? new(settings.LicenseFolder, isOwn: false)
        : settings is { FilterLicenses: 0, WatermarkLicenses: 0 } ? new(null, isOwn: false)
        : new(Directory.CreateTempSubdirectory("pipeline-licenses-").FullName, isOwn: true);

    public void Dispose()
    {
        if (!_isOwn)
            return;
        try
        {
            Directory.Delete(Path!, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Cleaned away already, or a worker that is being killed still writes into it: it is among the temporary files, and the photos are done.
        }
    }
}
