using System.Buffers.Binary;

namespace Pipeline.Sync;

/// <summary>The bytes of a journal: a header and records of 64 bytes each.</summary>
/// <remarks>
/// Header: 0 mark 'PLJRNL01', 8 journal id (16), 24 zeros, 60 CRC-32C of bytes 0 to 60. Record n at 64 * (n + 1), little endian: 0 mark 'PR', 2 version (1),
/// 3 kind + 1, 4 CRC-32C of the journal id and bytes 8 to 64 and 0 to 4, 8 key (16, big endian), 24 units, 32 sequence number n, 40 time (UTC ticks), 48 account, 56 zeros.
/// The checksum covers the journal's identity, so a record that was copied from another journal is not taken for one of this.
/// </remarks>
internal static class JournalFormat
{
    public const int RecordLength = 64;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> HeaderMark => "PLJRNL01"u8;

    public static byte[] NewHeader(Guid id)
    {
        byte[] header = new byte[RecordLength];
        HeaderMark.CopyTo(header);
        id.TryWriteBytes(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(60), Checksum.Of(header.AsSpan(0, 60)));
        return header;
    }

    public static Guid? ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordLength || !bytes.StartsWith(HeaderMark) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Checksum.Of(bytes[..60]))
            return null;
        return new Guid(bytes.Slice(8, 16));
    }

    public static void Write(Span<byte> record, Guid journal, long sequence, JournalEntry entry)
    {
        record[..RecordLength].Clear();
        record[0] = (byte)'P';
        record[1] = (byte)'R';
        record[2] = Version;
        record[3] = (byte)(entry.Kind + 1); // so that a zero byte is no kind
        entry.Key.WriteTo(record[8..]);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], entry.Units);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(record[40..], entry.Time.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(record[48..], entry.Account);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], ChecksumOf(record, journal));
    }

    /// <summary>Reads a record, or returns null when these bytes are not record <paramref name="sequence"/> of this journal.</summary>
    public static JournalEntry? Read(ReadOnlySpan<byte> record, Guid journal, long sequence)
    {
        if (record.Length < RecordLength || record[0] != (byte)'P' || record[1] != (byte)'R' || record[2] != Version || record[3] is not (1 or 2)
            || BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != ChecksumOf(record, journal)
            || BinaryPrimitives.ReadInt64LittleEndian(record[32..]) != sequence)
        {
            return null;
        }

        long ticks = BinaryPrimitives.ReadInt64LittleEndian(record[40..]);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return null;
        return new JournalEntry(
            ChargeKey.FromBytes(record[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[24..]),
            (ChargeKind)(record[3] - 1),
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
            new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> record, Guid journal)
    {
        Span<byte> covered = stackalloc byte[16 + 56 + 4];
        journal.TryWriteBytes(covered);
        record.Slice(8, 56).CopyTo(covered[16..]);
        record[..4].CopyTo(covered[72..]);
        return Checksum.Of(covered);
    }
}
