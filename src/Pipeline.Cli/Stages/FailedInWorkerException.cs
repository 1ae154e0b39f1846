namespace Pipeline.Cli;

/// <summary>A photo that a worker process could not do, for a reason of its own: the process lives.</summary>
/// <param name="stage">The stage that failed it.</param>
/// <param name="message">Why.</param>
/// <param name="stopReason">Why the whole run must stop; null when the other photos can go on.</param>
internal sealed class FailedInWorkerException(string stage, string message, string? stopReason) : Exception(message)
{
    /// <summary>Gets the stage that failed it.</summary>
    public string Stage { get; } = stage;

    /// <summary>Gets why the whole run must stop; null when the other photos can go on.</summary>
    public string? StopReason { get; } = stopReason;
}
