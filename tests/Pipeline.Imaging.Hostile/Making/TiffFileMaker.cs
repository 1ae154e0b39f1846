using System.Buffers.Binary;

namespace Pipeline.Imaging.Hostile;

/// <summary>Writes directories and blocks as a TIFF file.</summary>
internal sealed class TiffFileMaker
{
    private readonly bool _big;
    private readonly byte[] _afterHeader;
    private readonly Dictionary<TiffFolder, uint> _places = [];
    private readonly Dictionary<object, uint> _blockPlaces = new(ReferenceEqualityComparer.Instance);

    private TiffFileMaker(bool big, byte[] afterHeader)
    {
        _big = big;
        _afterHeader = afterHeader;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="first">The first directory.</param>
    /// <param name="isBigEndian">Whether numbers start with their highest byte.</param>
    /// <param name="afterHeader">Bytes between the header and the first directory, where Canon's files have their own mark.</param>
    /// <param name="placeAfterHeader">A directory whose place is written into the last four of these bytes; null for none.</param>
    public static byte[] Write(TiffFolder first, bool isBigEndian = false, byte[]? afterHeader = null, TiffFolder? placeAfterHeader = null) =>
        new TiffFileMaker(isBigEndian, afterHeader ?? []).Make(first, placeAfterHeader);

    private byte[] Make(TiffFolder first, TiffFolder? marked)
    {
        List<TiffFolder> folders = [];
        Collect(first, folders);
        uint at = 8 + (uint)_afterHeader.Length;
        foreach (TiffFolder folder in folders)
        {
            _places[folder] = at;
            at += (uint)Size(folder);
        }

        List<byte[]> blocks = [.. folders.SelectMany(static folder => folder.Blocks.Values).SelectMany(static list => list).Distinct(ReferenceEqualityComparer.Instance).Cast<byte[]>()];
        foreach (byte[] block in blocks)
        {
            _blockPlaces[block] = at;
            at += (uint)(block.Length + (block.Length & 1));
        }

        byte[] file = new byte[at];
        (_big ? "MM\0*"u8 : "II*\0"u8).CopyTo(file);
        PutLong(file.AsSpan(4), _places[first]);
        _afterHeader.CopyTo(file, 8);
        if (marked is not null)
            PutLong(file.AsSpan(4 + _afterHeader.Length), _places[marked]);
        foreach (TiffFolder folder in folders)
            WriteFolder(file, folder);
        foreach (byte[] block in blocks)
            block.CopyTo(file, _blockPlaces[block]);
        return file;
    }

    private static void Collect(TiffFolder folder, List<TiffFolder> all)
    {
        all.Add(folder);
        foreach (TiffFolder inner in folder.Folders.Values.SelectMany(static list => list).Concat(folder.Embedded.Values))
            Collect(inner, all);
        if (folder.Next is { } next)
            Collect(next, all);
    }

    private static int Even(int length) => length + (length & 1);

    private static int EntryCount(TiffFolder folder) => folder.Values.Count + folder.Blocks.Count + folder.Folders.Count + folder.Embedded.Count;

    private static int Size(TiffFolder folder)
    {
        int size = 2 + 12 * EntryCount(folder) + 4;
        foreach (TiffValue value in folder.Values.Values)
            size += value.Bytes(false).Length is > 4 and int length ? Even(length) : 0;
        foreach (int count in folder.Blocks.Values.Select(static list => list.Length).Concat(folder.Folders.Values.Select(static list => list.Length)))
            size += count > 1 ? 4 * count : 0;
        return size;
    }

    private void WriteFolder(byte[] file, TiffFolder folder)
    {
        uint start = _places[folder];
        SortedDictionary<ushort, TiffValue> all = new(folder.Values);
        foreach ((ushort tag, byte[][] list) in folder.Blocks)
            all[tag] = TiffValue.Long([.. list.Select(block => _blockPlaces[block])]);
        foreach ((ushort tag, TiffFolder[] list) in folder.Folders)
            all[tag] = TiffValue.Long([.. list.Select(inner => _places[inner])]);
        PutShort(file.AsSpan((int)start), all.Count + folder.Embedded.Count);
        Span<byte> entry = file.AsSpan((int)start + 2);
        uint extra = start + 2 + 12 * (uint)EntryCount(folder) + 4;
        foreach (ushort tag in all.Keys.Concat(folder.Embedded.Keys).Order())
        {
            PutShort(entry, tag);
            if (folder.Embedded.TryGetValue(tag, out TiffFolder? inner))
            {
                PutShort(entry[2..], 7);
                PutLong(entry[4..], (uint)Size(inner));
                PutLong(entry[8..], _places[inner]);
            }
            else
            {
                TiffValue value = all[tag];
                byte[] bytes = value.Bytes(_big);
                PutShort(entry[2..], value.Type);
                PutLong(entry[4..], (uint)value.Count);
                if (bytes.Length <= 4)
                {
                    bytes.CopyTo(entry[8..]);
                }
                else
                {
                    PutLong(entry[8..], extra);
                    bytes.CopyTo(file, extra);
                    extra += (uint)Even(bytes.Length);
                }
            }

            entry = entry[12..];
        }

        PutLong(entry, folder.Next is { } next ? _places[next] : 0);
    }

    private void PutShort(Span<byte> at, int value)
    {
        if (_big)
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)value);
    }

    private void PutLong(Span<byte> at, uint value)
    {
        if (_big)
            BinaryPrimitives.WriteUInt32BigEndian(at, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(at, value);
    }
}
