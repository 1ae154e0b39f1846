using System.Buffers.Binary;

namespace Pipeline.Core;

/// <summary>The 24 bytes in front of every payload, little endian.</summary>
/// <param name="PayloadLength">Bytes that follow.</param>
/// <param name="Type">What the payload is.</param>
/// <param name="Attempt">The attempt of the call, from 1.</param>
/// <param name="Function">The number of the function that is defined or called.</param>
/// <param name="CallId">The number of the call on this connection, from 1.</param>
/// <param name="Microseconds">In answers: how long the handler ran. In calls: how long the worker may look for the next one before it sleeps.</param>
/// <param name="ResidentKiB">In answers: resident memory of the worker; 0 when it was not measured.</param>
internal readonly record struct FrameHeader(
    int PayloadLength, FrameType Type, byte Attempt, ushort Function, ulong CallId, float Microseconds = 0, uint ResidentKiB = 0)
{
    /// <summary>The size of a header in bytes.</summary>
    internal const int Size = 24;

    /// <summary>The largest payload; more belongs into a <c>SharedBuffer</c>.</summary>
    internal const int MaxPayload = 256 * 1024 * 1024;

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, PayloadLength);
        destination[4] = (byte)Type;
        destination[5] = Attempt;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], Function);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], CallId);
        BinaryPrimitives.WriteSingleLittleEndian(destination[16..], Microseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], ResidentKiB);
    }

    internal static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        FrameHeader header = new(
            BinaryPrimitives.ReadInt32LittleEndian(source),
            (FrameType)source[4],
            source[5],
            BinaryPrimitives.ReadUInt16LittleEndian(source[6..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadSingleLittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[20..]));
        if ((uint)header.PayloadLength > MaxPayload || header.Type is < FrameType.Start or > FrameType.Rehearse)
        {
            throw new InvalidDataException(
                $"A frame announces type {(byte)header.Type} and {header.PayloadLength} bytes; types are 1 to 11 and payloads 0 to {MaxPayload} bytes. "
                + "Something else wrote to the worker connection; use standard output for text.");
        }

        return header;
    }
}
