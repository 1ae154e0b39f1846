namespace Pipeline.Jobs;

/// <summary>A store could not be reached, read or written. Whether the call took effect is not known; all calls may be repeated.</summary>
/// <param name="message">What failed, and what to do.</param>
/// <param name="innerException">What the store said.</param>
public sealed class JobStoreException(string message, Exception? innerException) : IOException(message, innerException);
