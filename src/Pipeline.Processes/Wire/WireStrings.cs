using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Processes;

/// <summary>
/// Lists of strings as the pool's own frames carry them: a 32-bit byte count (-1 for null) and UTF-8 bytes each. Written by hand because the start of a worker
/// must not pay for compiling a serializer.
/// </summary>
internal static class WireStrings
{
    public static byte[] Write(params ReadOnlySpan<string?> values)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach (string? value in values)
        {
            int count = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
            Span<byte> span = buffer.GetSpan(4 + Math.Max(count, 0));
            BinaryPrimitives.WriteInt32LittleEndian(span, count);
            if (value is not null)
                Encoding.UTF8.GetBytes(value, span[4..]);
            buffer.Advance(4 + Math.Max(count, 0));
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string?[] Read(ReadOnlySpan<byte> payload)
    {
        List<string?> values = [];
        while (payload.Length >= 4)
        {
            int count = BinaryPrimitives.ReadInt32LittleEndian(payload);
            payload = payload[4..];
            if (count > payload.Length)
                throw new InvalidDataException(
                    $"A list announces a string of {count} bytes and has {payload.Length}. Something else wrote to the worker "
                        + "connection; use standard output for text.");
            values.Add(count < 0 ? null : Encoding.UTF8.GetString(payload[..count]));
            payload = payload[Math.Max(count, 0)..];
        }

        return [.. values];
    }
}
