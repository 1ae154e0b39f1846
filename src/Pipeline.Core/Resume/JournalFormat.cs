using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Core;

/// <summary>The bytes of a resume journal, version 1.</summary>
/// <remarks>
/// Numbers are little-endian. A header: 8 bytes of magic, version (2), length of the job's UTF-8 (2), the job, CRC-32C of all before (4). Then records:
/// CRC-32C of what follows (4), length of the key's UTF-8 (4), the key. Records are only appended, in one write at a time, so a kill
/// leaves a prefix: whole records and at most one torn one at the end, which is cut off.
/// </remarks>
internal static class JournalFormat
{
    public const int MaxJobLength = 1000;
    public const int MaxKeyBytes = 65_535;
    public const int RecordHeaderBytes = 8;
    private const ushort Version = 1;
    private const int FixedHeaderBytes = 12;

    private static ReadOnlySpan<byte> Magic => "PLresume"u8;

    public static bool IsKey(string? key) => key is { Length: > 0 and <= MaxKeyBytes } && Encoding.UTF8.GetByteCount(key) <= MaxKeyBytes;

    public static byte[] Header(string job)
    {
        byte[] name = Encoding.UTF8.GetBytes(job);
        byte[] header = new byte[FixedHeaderBytes + name.Length + sizeof(uint)];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), (ushort)name.Length);
        name.CopyTo(header, FixedHeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(header.Length - sizeof(uint)), Checksum.Of(header.AsSpan(0, header.Length - sizeof(uint))));
        return header;
    }

    public static void Write(ArrayBufferWriter<byte> output, string key)
    {
        int length = Encoding.UTF8.GetByteCount(key);
        Span<byte> record = output.GetSpan(RecordHeaderBytes + length)[..(RecordHeaderBytes + length)];
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], length);
        Encoding.UTF8.GetBytes(key, record[RecordHeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Checksum.Of(record[4..]));
        output.Advance(record.Length);
    }

    /// <summary>Reads a journal.</summary>
    /// <param name="file">The file, from its beginning.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <param name="job">The job that it has to be of.</param>
    /// <param name="found">Gets the key of each whole record.</param>
    /// <returns>The length up to the end of the last whole record; 0 when not even the header is whole.</returns>
    /// <exception cref="ResumeJournalException">The file is not a journal of the job, or damaged before its end.</exception>
    public static long Read(Stream file, string path, string job, Action<string> found)
    {
        byte[] expected = Header(job);
        byte[] header = new byte[expected.Length];
        int read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (!header.AsSpan(0, read).SequenceEqual(expected.AsSpan(0, read)))
            throw new ResumeJournalException(path, Difference(header.AsSpan(0, read)));
        if (read < expected.Length)
            return 0;

        long complete = read;
        long end = file.Length;
        byte[] record = new byte[RecordHeaderBytes + MaxKeyBytes];
        while (end - complete >= RecordHeaderBytes)
        {
            file.ReadExactly(record, 0, RecordHeaderBytes);
            int length = BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(4));
            bool isLength = length is > 0 and <= MaxKeyBytes;
            if (isLength && end - complete < RecordHeaderBytes + length)
                break;
            if (isLength)
                file.ReadExactly(record, RecordHeaderBytes, length);
            int whole = RecordHeaderBytes + (isLength ? length : 0);
            if (!isLength || BinaryPrimitives.ReadUInt32LittleEndian(record) != Checksum.Of(record.AsSpan(4..whole)))
            {
                // A power failure may leave a file that is longer than what was written to it: zeros at the end are no damage.
                if (IsZero(file))
                    break;
                throw new ResumeJournalException(path, $"It is damaged at byte {complete:N0} of {end:N0}, which no interrupted write explains. Restore it from a backup, or delete it to process all items again.");
            }

            found(Encoding.UTF8.GetString(record, RecordHeaderBytes, length));
            complete += whole;
        }

        return complete;
    }

    /// <summary>Says whether nothing or only zeros follow.</summary>
    private static bool IsZero(Stream file)
    {
        byte[] buffer = new byte[4096];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            if (buffer.AsSpan(0, read).IndexOfAnyExcept((byte)0) >= 0)
                return false;
        }

        return true;
    }

    private static string Difference(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Magic))
            return "It is something else: it does not begin like a journal. Give another path.";
        if (header.Length < FixedHeaderBytes)
            return "Its header is damaged. Delete it to process all items again.";
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        return version != Version
            ? $"It is of version {version} and this library reads version {Version}. Use the library that wrote it, or delete it to process all items again."
            : "It belongs to another job: it was written with another ResumeJournalOptions.Job, or its header is damaged. Give another path, or delete it to process all items again.";
    }
}
