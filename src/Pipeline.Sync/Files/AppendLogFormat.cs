using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Sync;

/// <summary>The bytes of one append log.</summary>
/// <remarks>
/// Little endian. Header: 0 mark 'PLAPLOG1', 8 kind padded with zeros (8), 16 version (2), 18 length of the subject (2), 20 identity (16), 36 zeros, 60 CRC-32C
/// of bytes 0 to 60 and the subject, 64 the subject. Then records: 0 CRC-32C, 4 length of the content (4), 8 the content. A record's checksum covers the log's
/// identity, the record's offset, the length and the content: a record that was copied from elsewhere, or left over from an earlier write, is not taken for
/// one.
/// </remarks>
internal sealed class AppendLogFormat
{
    public const int KindBytes = 8;
    public const int MaxSubjectBytes = 4096;
    public const int FixedHeaderBytes = 64;
    public const int RecordHeaderBytes = 8;
    private const int IdOffset = 20;
    private const int ChecksumOffset = 60;
    private readonly uint _seed;

    public AppendLogFormat(AppendLogOptions options, Guid id)
    {
        Id = id;
        Header = new byte[FixedHeaderBytes + options.Subject.Length];
        "PLAPLOG1"u8.CopyTo(Header);
        Encoding.ASCII.GetBytes(options.Kind, Header.AsSpan(8));
        BinaryPrimitives.WriteUInt16LittleEndian(Header.AsSpan(16), (ushort)options.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(Header.AsSpan(18), (ushort)options.Subject.Length);
        id.TryWriteBytes(Header.AsSpan(IdOffset));
        options.Subject.Span.CopyTo(Header.AsSpan(FixedHeaderBytes));
        uint checksum = Checksum.Append(Checksum.Of(Header.AsSpan(0, ChecksumOffset)), options.Subject.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(Header.AsSpan(ChecksumOffset), checksum);
        _seed = Checksum.Of(Header.AsSpan(IdOffset, 16));
    }

    public Guid Id { get; }

    public byte[] Header { get; }

    /// <summary>Recognizes a log by its header.</summary>
    /// <returns>Its format; null when the file ends within the header, as a creator that was killed leaves it.</returns>
    /// <exception cref="AppendLogException">It is another log, or none.</exception>
    public static AppendLogFormat? Recognize(FileWindow file, string path, AppendLogOptions options)
    {
        AppendLogFormat wanted = new(options, Guid.Empty);
        ReadOnlySpan<byte> header = file.At(0, wanted.Header.Length);
        if (header.Length < wanted.Header.Length && header.IndexOfAnyExcept((byte)0) < 0)
            return null; // a power failure may keep the length of a file and lose its content
        int kind = Math.Min(header.Length, 16);
        if (!header[..kind].SequenceEqual(wanted.Header.AsSpan(0, kind)))
        {
            throw new AppendLogException(path, AppendLogProblem.OtherKind, 0,
                $"It is something else: it does not begin like a log of kind '{options.Kind}'. Give another path.");
        }

        if (header.Length >= 18 && BinaryPrimitives.ReadUInt16LittleEndian(header[16..]) is var version && version != options.Version)
        {
            throw new AppendLogException(path, AppendLogProblem.OtherVersion, 0,
                $"It is of version {version} and this library reads version {options.Version}. Use the library that wrote it.");
        }

        if (header.Length >= IdOffset
            && (BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) != options.Subject.Length
            || !AgreesOnSubject(header, options.Subject.Span)))
        {
            throw new AppendLogException(path, AppendLogProblem.OtherSubject, 0,
                "It is about another subject, or its header is damaged. Give another path.");
        }

        if (header.Length < wanted.Header.Length)
            return null;
        AppendLogFormat found = new(options, new Guid(header.Slice(IdOffset, 16)));
        return header.SequenceEqual(found.Header) ? found : throw new AppendLogException(path, AppendLogProblem.Damaged, 0,
            "Its header is damaged. Restore it from a backup.");
    }

    public static void CheckLength(ReadOnlySpan<byte> record)
    {
        if (record.Length is < 1 or > AppendLog.MaxRecordBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(record), record.Length,
                $"A record of {record.Length:N0} bytes was to be appended. A record has 1 to {AppendLog.MaxRecordBytes:N0} bytes.");
        }
    }

    /// <summary>Adds a record without its checksum.</summary>
    public static void Add(List<byte> batch, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[RecordHeaderBytes];
        BinaryPrimitives.WriteInt64LittleEndian(header, (long)content.Length << 32);
        batch.AddRange(header);
        batch.AddRange(content);
    }

    /// <summary>Completes records with their checksums, now that their place in the file is known.</summary>
    public Span<byte> Seal(List<byte> batch, long offset)
    {
        Span<byte> rest = CollectionsMarshal.AsSpan(batch);
        while (rest.Length > 0)
        {
            int whole = RecordHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            BinaryPrimitives.WriteUInt32LittleEndian(rest, ChecksumOf(rest[4..whole], offset));
            offset += whole;
            rest = rest[whole..];
        }

        return CollectionsMarshal.AsSpan(batch);
    }

    /// <summary>Reads the complete records from an offset on, to the end or to the first damage.</summary>
    public AppendLogContent Read(FileWindow file, long from, bool passesOverDamage, Action<ReadOnlySpan<byte>>? found)
    {
        long end = Math.Max(from, Header.Length);
        long? damage = null;
        long damaged = 0;
        while (true)
        {
            while (TryRead(file, end, out ReadOnlySpan<byte> content))
            {
                found?.Invoke(content);
                end += RecordHeaderBytes + content.Length;
            }

            // A record that is torn is the last one: a complete one behind it means damage.
            long next = end + 1;
            while (next < file.Length && !TryRead(file, next, out _))
                next++;
            if (next >= file.Length)
                break;
            damage ??= end;
            if (!passesOverDamage)
                break;
            damaged += next - end;
            end = next;
        }

        return new AppendLogContent(Id, file.Length, end, damage == end ? 0 : Math.Max(0, file.Length - end), damage, damaged);
    }

    /// <summary>Reads the record at an offset; false when no complete one is there.</summary>
    private bool TryRead(FileWindow file, long offset, out ReadOnlySpan<byte> content)
    {
        content = default;
        ReadOnlySpan<byte> record = file.At(offset, RecordHeaderBytes);
        if (record.Length < RecordHeaderBytes
            || BinaryPrimitives.ReadInt32LittleEndian(record[4..])
            is not (>= 1 and <= AppendLog.MaxRecordBytes and int length))
            return false;
        record = file.At(offset, RecordHeaderBytes + length);
        if (record.Length < RecordHeaderBytes + length
            || BinaryPrimitives.ReadUInt32LittleEndian(record) != ChecksumOf(record[4..], offset))
            return false;
        content = record[RecordHeaderBytes..];
        return true;
    }

    private static bool AgreesOnSubject(ReadOnlySpan<byte> header, ReadOnlySpan<byte> subject) =>
        header.Length <= FixedHeaderBytes || subject.StartsWith(header[FixedHeaderBytes..]);

    private uint ChecksumOf(ReadOnlySpan<byte> lengthAndContent, long offset) =>
        Checksum.Append(BitOperations.Crc32C(_seed, (ulong)offset), lengthAndContent);
}
