namespace Pipeline.Jobs;

/// <summary>What a job says about the workers that died with it. The same words in every store.</summary>
public static class DeathText
{
    /// <summary>Says how many died.</summary>
    /// <param name="deaths">The deaths so far, 1 or more.</param>
    /// <returns>One sentence.</returns>
    public static string Title(int deaths) => deaths == 1 ? "The worker died once on this job." : $"Workers died {deaths} times on this job.";

    /// <summary>Says how the last one died, and on what.</summary>
    /// <param name="worker">The worker's name, or null.</param>
    /// <param name="reason">What is known about the death.</param>
    /// <param name="lastProgress">The last thing the worker reported, or null.</param>
    /// <returns>One or two sentences.</returns>
    public static string Detail(string? worker, string reason, string? lastProgress) => JobLimits.Cut(
        $"Worker '{worker}': {reason}.{(lastProgress is null ? " It had reported no progress." : $" Its last report was '{lastProgress}'.")}", JobLimits.DetailCharacters)!;
}
