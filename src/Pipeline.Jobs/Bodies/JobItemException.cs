namespace Pipeline.Jobs;

/// <summary>An item of a pipeline that runs as a job failed, and its stage's policy stopped the run.</summary>
/// <param name="message">Stage, item and attempt.</param>
/// <param name="innerException">What the stage threw.</param>
public sealed class JobItemException(string message, Exception innerException) : Exception(message, innerException);
