using System.Runtime.InteropServices;

namespace Pipeline.Processes;

/// <summary>The 24 bytes in front of every payload, as they lie in memory: both ends are on one machine.</summary>
/// <param name="PayloadLength">Bytes that follow.</param>
/// <param name="Type">What the payload is.</param>
/// <param name="Attempt">The attempt of the call, from 1.</param>
/// <param name="Function">The number of the function that is defined or called.</param>
/// <param name="CallId">The number of the call on this connection, from 1.</param>
/// <param name="Microseconds">In answers: how long the handler ran. In calls: how long the worker may look for the next one before it sleeps.</param>
/// <param name="ResidentKiB">In answers: resident memory of the worker; 0 when it was not measured.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct FrameHeader(
    int PayloadLength, FrameType Type, byte Attempt, ushort Function, ulong CallId, float Microseconds = 0, uint ResidentKiB = 0)
{
    /// <summary>The size of a header in bytes.</summary>
    public const int Size = 24;

    /// <summary>The largest payload; more belongs into a <c>SharedBuffer</c>.</summary>
    public const int MaxPayload = 256 * 1024 * 1024;

    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, this);

    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        FrameHeader header = MemoryMarshal.Read<FrameHeader>(source);
        if ((uint)header.PayloadLength > MaxPayload || header.Type is < FrameType.Start or > FrameType.Rehearse)
        {
            throw new InvalidDataException(
                $"A frame announces type {(byte)header.Type} and {header.PayloadLength} bytes; types are 1 to 11 and payloads 0 to "
                    + $"{MaxPayload} bytes. "
                + "Something else wrote to the worker connection; use standard output for text.");
        }

        return header;
    }
}
