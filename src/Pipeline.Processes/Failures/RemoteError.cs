namespace Pipeline.Processes;

/// <summary>An exception of a worker on its way to the pool.</summary>
internal static class RemoteError
{
    public static byte[] Write(Exception error) => WireStrings.Write(error.GetType().FullName, error.Message, error.ToString());

    public static WorkerFunctionException Read(ReadOnlySpan<byte> payload, string function)
    {
        return WireStrings.Read(payload) is [var type, var message, var text]
            ? new WorkerFunctionException(function, type ?? "unknown", message ?? string.Empty, text ?? string.Empty)
            : throw new InvalidDataException($"An exception of a worker, {payload.Length} bytes, cannot be read.");
    }
}
