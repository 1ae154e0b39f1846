using System.Buffers.Binary;

namespace Pipeline.Processes;

/// <summary>
/// What a spare does before it is needed: it reads a request and writes a result that another worker had, so that everything around the handler is compiled.
/// The handler itself does not run. The frame's payload is the size of the request in 4 bytes, the request, the result.
/// </summary>
internal static class Rehearsal
{
    // All samples together stay below what a pipe holds, so that sending them never waits.
    private const int MaxSampleBytes = 2 * 1024;

    /// <summary>The id in the answer to a rehearsal; no call has it.</summary>
    public const ulong CallId = 0;

    /// <summary>The most functions that are rehearsed.</summary>
    public const int MaxFunctions = 12;

    /// <summary>Makes a sample of a call, unless it is large.</summary>
    public static byte[]? TryMake(ReadOnlySpan<byte> request, ReadOnlySpan<byte> result)
    {
        if (request.Length + result.Length > MaxSampleBytes)
            return null;
        byte[] sample = new byte[4 + request.Length + result.Length];
        BinaryPrimitives.WriteInt32LittleEndian(sample, request.Length);
        request.CopyTo(sample.AsSpan(4));
        result.CopyTo(sample.AsSpan(4 + request.Length));
        return sample;
    }

    /// <summary>Takes a sample apart.</summary>
    /// <returns>The request.</returns>
    public static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> sample, out ReadOnlySpan<byte> result)
    {
        int end = 4 + BinaryPrimitives.ReadInt32LittleEndian(sample);
        result = sample[end..];
        return sample[4..end];
    }
}
