namespace Pipeline.Cli.Processes;

/// <summary>A photo that a worker process could not do, for a reason of its own: the process lives.</summary>
/// <param name="stage">The stage that failed it.</param>
/// <param name="message">Why.</param>
internal sealed class FailedInWorkerException(string stage, string message) : Exception(message)
{
    /// <summary>Gets the stage that failed it.</summary>
    public string Stage { get; } = stage;
}
