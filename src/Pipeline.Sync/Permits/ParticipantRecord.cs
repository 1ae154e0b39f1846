using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Sync;

/// <summary>What a holder or waiter writes about itself: 512 bytes with a checksum. A torn, foreign or old record reads as nothing.</summary>
/// <remarks>
/// Layout, little endian: 0 magic 'PSP1', 4 CRC-32C of bytes 8..512, 8 process id, 12 permits, 16 process start ticks, 24 since (UTC ticks), 32 owner id, 40
/// rank, 44 has rank, 48 host[64], 112 owner[64], 176 site[80], 256 purpose[256]; texts are UTF-8 with a length byte in front.
/// </remarks>
internal sealed record ParticipantRecord(
    int ProcessId, long ProcessStart, string Host, long OwnerId, string Owner, string Site,
    string Purpose, int Permits, int? Rank, long SinceTicks)
{
    public const int Size = 512;
    private const uint Magic = 0x31505350;

    public string OwnerKey => $"{ProcessKey}/{OwnerId}";

    public string ProcessKey => ProcessIdentity.KeyOf(Host, ProcessId, ProcessStart);

    private DateTimeOffset Since => new(SinceTicks, TimeSpan.Zero);

    public static ParticipantRecord Of(IAcquisition owner, int permits, LockLevel? level, DateTimeOffset? since = null) => new(
        ProcessIdentity.Id, ProcessIdentity.StartTicks, ProcessIdentity.Host, owner.Owner.Id, owner.Owner.Label,
        owner.Site.ToString(), owner.Purpose,
        permits, level?.Rank, (since ?? TimeProvider.System.GetUtcNow()).Ticks);

    public static ParticipantRecord? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Checksum.Of(bytes[8..Size]))
        {
            return null;
        }

        long since = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        if (since < DateTime.MinValue.Ticks || since > DateTime.MaxValue.Ticks)
            return null;
        return new ParticipantRecord(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            Text(bytes.Slice(48, 64)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            Text(bytes.Slice(112, 64)),
            Text(bytes.Slice(176, 80)),
            Text(bytes.Slice(256, 256)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            bytes[44] == 0 ? null : BinaryPrimitives.ReadInt32LittleEndian(bytes[40..]),
            since);
    }

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], ProcessId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Permits);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], ProcessStart);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], SinceTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], OwnerId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], Rank ?? 0);
        bytes[44] = Rank is null ? (byte)0 : (byte)1;
        Text(Host, bytes.Slice(48, 64));
        Text(Owner, bytes.Slice(112, 64));
        Text(Site, bytes.Slice(176, 80));
        Text(Purpose, bytes.Slice(256, 256));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Checksum.Of(bytes[8..Size]));
    }

    public LockHolder ToHolder(string lockName) => new(Owner, ProcessId, lockName, Rank, Site, Since)
    {
        OwnerKey = OwnerKey,
        Purpose = Purpose,
        Units = 1,
    };

    public WaiterDescription ToWaiter() => new(Owner, ProcessId, Permits, Site, Since) { OwnerKey = OwnerKey, Level = Rank };

    private static string Text(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field.Slice(1, Math.Min((int)field[0], field.Length - 1)));

    private static void Text(string value, Span<byte> field)
    {
        Encoder encoder = Encoding.UTF8.GetEncoder();
        encoder.Convert(value, field[1..Math.Min(field.Length, 256)], flush: true, out _, out int written, out _);
        field[0] = (byte)written;
    }
}
