using System.Buffers.Binary;

namespace Pipeline.Sync;

/// <summary>The content of a journal's records: 56 bytes, so that each takes 64 in the file and record n begins at 64 * (n + 1).</summary>
/// <remarks>Little endian: 0 key (16, big endian), 16 units, 24 time (UTC ticks), 32 account, 40 kind, 41 zeros.</remarks>
internal static class JournalFormat
{
    public const int ContentBytes = 56;
    private const int RecordBytes = 64;
    private static readonly AppendLogContent s_notBegun = new(Guid.Empty, 0, 0, 0, null, 0);

    public static AppendLogOptions Options(Durability durability = Durability.PowerLoss) =>
        new() { Kind = "billing", Durability = durability };

    /// <summary>Gets the number of the record that begins at an offset.</summary>
    public static long NumberAt(long offset) => (offset / RecordBytes) - 1;

    /// <summary>Reads the complete records behind those that were consumed; null when the file is no journal. One whose creator was killed is empty.</summary>
    public static (AppendLogContent Content, List<JournalEntry> Entries)? TryRead(
        string path, IReadOnlyDictionary<Guid, long>? consumed = null)
    {
        List<JournalEntry> entries = [];
        try
        {
            AppendLogContent? content = AppendLog.Read(path, Options(), record => entries.Add(Read(record)),
                id => ((consumed?.GetValueOrDefault(id) ?? 0) + 1) * RecordBytes);
            return (content ?? s_notBegun, entries);
        }
        catch (AppendLogException)
        {
            return null;
        }
    }

    public static void Write(Span<byte> record, JournalEntry entry)
    {
        record.Clear();
        entry.Key.WriteTo(record);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], entry.Units);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], entry.Time.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], entry.Account);
        record[40] = (byte)entry.Kind;
    }

    private static JournalEntry Read(ReadOnlySpan<byte> record) => new(
        ChargeKey.FromBytes(record),
        BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
        (ChargeKind)record[40],
        BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
        new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(record[24..]), TimeSpan.Zero));
}
