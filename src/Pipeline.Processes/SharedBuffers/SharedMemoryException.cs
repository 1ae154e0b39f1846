namespace Pipeline.Processes;

/// <summary>Thrown when there is no room for a shared buffer; the message says which limit is reached and how to raise it.</summary>
/// <param name="message">The message.</param>
public sealed class SharedMemoryException(string message) : IOException(message);
