using System.Text.Json;

namespace Pipeline.Jobs.Imaging;

/// <summary>What a photo job has done so far: its checkpoint, and the manifest of its result.</summary>
/// <param name="Photos">The photos that are finished, in the order of the payload.</param>
public sealed record PhotoManifest(IReadOnlyList<FinishedPhoto> Photos)
{
    /// <summary>Reads the manifest of a job from its checkpoint.</summary>
    /// <param name="job">The job.</param>
    /// <returns>The manifest; empty before the first checkpoint.</returns>
    public static PhotoManifest Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Checkpoint is { } text ? JsonSerializer.Deserialize(text, PhotoJobJson.Default.PhotoManifest)! : new PhotoManifest([]);
    }
}
