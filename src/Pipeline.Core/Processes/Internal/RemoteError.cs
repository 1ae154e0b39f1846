namespace Pipeline.Core;

/// <summary>An exception of a worker on its way to the pool.</summary>
internal static class RemoteError
{
    internal static byte[] Write(Exception error) => WireStrings.Write(error.GetType().FullName, error.Message, error.ToString());

    internal static WorkerFunctionException Read(ReadOnlySpan<byte> payload, string function)
    {
        string?[] parts = WireStrings.Read(payload);
        return new WorkerFunctionException(function, parts[0] ?? "unknown", parts[1] ?? string.Empty, parts[2] ?? string.Empty);
    }
}
