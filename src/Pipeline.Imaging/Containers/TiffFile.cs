using System.Buffers.Binary;

namespace Pipeline.Imaging;

/// <summary>The directories of a TIFF-based file: TIFF, BigTIFF, DNG, and the RAW containers with other magic numbers.</summary>
/// <remarks>Tolerant and bounded: damaged parts are left out, chains end at a repeated offset or after 64 directories. Nothing here throws on bad
/// data.</remarks>
internal sealed class TiffFile
{
    private const int MaxDirectories = 64;
    private const int MaxEntries = 4096;
    private readonly List<TiffDirectory> _directories = [];
    private readonly bool _littleEndian;
    private readonly bool _big;
    private readonly long _base;

    private TiffFile(ByteSource source, bool littleEndian, ushort magic, long baseOffset)
    {
        Source = source;
        _littleEndian = littleEndian;
        Magic = magic;
        _big = magic == 43;
        _base = baseOffset;
    }

    /// <summary>Gets the bytes it is read from.</summary>
    public ByteSource Source { get; }

    /// <summary>Gets the number behind the byte order mark: 42 for TIFF, 43 for BigTIFF, others in RAW containers.</summary>
    public ushort Magic { get; }

    /// <summary>Gets a value indicating whether the Canon CR2 mark follows the header.</summary>
    public bool IsCanonCr2 { get; private set; }

    /// <summary>Gets the byte order.</summary>
    public bool LittleEndian => _littleEndian;

    /// <summary>Gets all directories: the main chain first, then sub-directories as they were met. EXIF and GPS are apart.</summary>
    public IReadOnlyList<TiffDirectory> Directories => _directories;

    /// <summary>Gets the EXIF directory.</summary>
    public TiffDirectory? Exif { get; private set; }

    /// <summary>Gets the GPS directory.</summary>
    public TiffDirectory? Gps { get; private set; }

    /// <summary>Reads the directories of a source.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="baseOffset">Where the TIFF header is; offsets count from there.</param>
    public static TiffFile? TryRead(ByteSource source, long baseOffset = 0)
    {
        Span<byte> head = stackalloc byte[16];
        if (!source.TryRead(baseOffset, head))
            return null;
        bool little = head[0] == 'I' && head[1] == 'I';
        if (!little && !(head[0] == 'M' && head[1] == 'M'))
            return null;
        ushort magic = little ? BinaryPrimitives.ReadUInt16LittleEndian(head[2..]) : BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
        // 42 TIFF, 43 BigTIFF, 0x55 Panasonic RW2, "RO"/"RS" Olympus ORF (as either byte order reads them).
        if (magic is not (42 or 43 or 0x0055 or 0x4F52 or 0x5352 or 0x524F or 0x5253))
            return null;
        TiffFile file = new(source, little, magic, baseOffset) { IsCanonCr2 = head[8] == 'C' && head[9] == 'R' };
        long first = file._big ? (long)Math.Min(file.UInt64(head[8..]), long.MaxValue) : file.UInt32(head[4..]);
        file.ReadChain(first);
        return file;
    }

    public ushort UInt16(ReadOnlySpan<byte> at) => _littleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(at)
        : BinaryPrimitives.ReadUInt16BigEndian(at);

    public uint UInt32(ReadOnlySpan<byte> at) => _littleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(at)
        : BinaryPrimitives.ReadUInt32BigEndian(at);

    public ulong UInt64(ReadOnlySpan<byte> at) => _littleEndian
        ? BinaryPrimitives.ReadUInt64LittleEndian(at)
        : BinaryPrimitives.ReadUInt64BigEndian(at);

    private void ReadChain(long first)
    {
        HashSet<long> seen = new();
        Queue<(long Offset, bool Main)> pending = new();
        pending.Enqueue((first, true));
        while (pending.TryDequeue(out (long Offset, bool Main) at) && _directories.Count < MaxDirectories)
        {
            if (!seen.Add(at.Offset) || ReadDirectory(at.Offset, at.Main, out long next) is not { } directory)
                continue;
            _directories.Add(directory);
            foreach (long sub in directory.Integers(TiffTag.SubIfds) ?? [])
                pending.Enqueue((sub, false));
            if (at.Main && next != 0)
                pending.Enqueue((next, true));
            if (Exif is null && directory.Integer(TiffTag.ExifIfd) is { } exif)
                Exif = ReadDirectory(exif, false, out _);
            if (Gps is null && directory.Integer(TiffTag.GpsIfd) is { } gps)
                Gps = ReadDirectory(gps, false, out _);
        }
    }

    private TiffDirectory? ReadDirectory(long offset, bool main, out long next)
    {
        next = 0;
        Span<byte> buffer = stackalloc byte[20];
        int countBytes = _big ? 8 : 2, entryBytes = _big ? 20 : 12, linkBytes = _big ? 8 : 4;
        if (offset <= 0 || !Source.TryRead(_base + offset, buffer[..countBytes]))
            return null;
        ulong count = _big ? UInt64(buffer) : UInt16(buffer);
        if (count is 0 or > MaxEntries)
            return null;
        Dictionary<ushort, TiffEntry> entries = new();
        long at = _base + offset + countBytes;
        for (ulong i = 0; i < count; i++, at += entryBytes)
        {
            if (!Source.TryRead(at, buffer[..entryBytes]))
                break;
            ushort tag = UInt16(buffer), type = UInt16(buffer[2..]);
            long values = _big ? (long)Math.Min(UInt64(buffer[4..]), long.MaxValue) : UInt32(buffer[4..]);
            TiffEntry entry = new(tag, type, values, 0);
            bool inline = entry.ValueBytes == 0 || values <= linkBytes / entry.ValueBytes;
            long where = inline
                ? at + entryBytes - linkBytes
                : _base + (_big ? (long)Math.Min(UInt64(buffer[12..]), long.MaxValue / 2) : UInt32(buffer[8..]));
            entries.TryAdd(tag, entry with { Offset = where });
        }

        if (Source.TryRead(_base + offset + countBytes + ((long)count * entryBytes), buffer[..linkBytes]))
            next = _big ? (long)Math.Min(UInt64(buffer), long.MaxValue) : UInt32(buffer);
        return new TiffDirectory(this, offset, main, entries);
    }
}
