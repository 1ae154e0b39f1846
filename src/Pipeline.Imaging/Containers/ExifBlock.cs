using System.Buffers.Binary;

namespace Pipeline.Imaging;

/// <summary>Makes the EXIF block of an output from the directories of its source.</summary>
/// <remarks>
/// Kept: camera, date, author, copyright, the exposure data and the position. Left out: what describes the old pixels (orientation, sizes, thumbnail), maker
/// notes (their inner offsets break when they move) and anything above 1 KiB.
/// </remarks>
internal static class ExifBlock
{
    private const int MaxEntryBytes = 1024;

    private static readonly ushort[] s_mainTags =
        [TiffTag.ImageDescription, TiffTag.Make, TiffTag.Model, TiffTag.Software, TiffTag.DateTime, TiffTag.Artist, TiffTag.Copyright];

    private static readonly HashSet<ushort> s_leftOut =
        [TiffTag.MakerNote, TiffTag.UserComment, TiffTag.PixelXDimension, TiffTag.PixelYDimension, TiffTag.InteroperabilityIfd,
            TiffTag.Orientation];

    /// <summary>Writes the block.</summary>
    /// <returns>Empty when there is nothing to keep.</returns>
    public static byte[] Write(TiffFile tiff)
    {
        TiffBuilder main = new();
        TiffBuilder exif = new();
        TiffBuilder gps = new();
        foreach (ushort tag in s_mainTags)
            Copy(tiff, tiff.Directories[0], tag, main);
        // TIFF/EP files keep the exposure data in the first directory.
        foreach (ushort tag in (ReadOnlySpan<ushort>)[TiffTag.ExposureTime, TiffTag.FNumber, TiffTag.Iso, TiffTag.DateTimeOriginal,
            TiffTag.FocalLength])
            Copy(tiff, tiff.Directories[0], tag, exif);
        foreach (ushort tag in tiff.Exif?.Entries.Keys.Where(t => !s_leftOut.Contains(t)) ?? [])
            Copy(tiff, tiff.Exif!, tag, exif);
        foreach (ushort tag in tiff.Gps?.Entries.Keys ?? [])
            Copy(tiff, tiff.Gps!, tag, gps);
        if (main.IsEmpty && exif.IsEmpty && gps.IsEmpty)
            return [];
        if (!exif.IsEmpty)
            main.Long(TiffTag.ExifIfd, 0);
        if (!gps.IsEmpty)
            main.Long(TiffTag.GpsIfd, 0);
        uint exifAt = 8 + (uint)main.Bytes, gpsAt = exifAt + (exif.IsEmpty ? 0 : (uint)exif.Bytes);
        if (!exif.IsEmpty)
            main.Long(TiffTag.ExifIfd, exifAt);
        if (!gps.IsEmpty)
            main.Long(TiffTag.GpsIfd, gpsAt);

        byte[] block = new byte[6 + gpsAt + (gps.IsEmpty ? 0 : gps.Bytes)];
        "Exif\0\0"u8.CopyTo(block);
        Span<byte> body = block.AsSpan(6);
        "II*\0"u8.CopyTo(body);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], 8);
        main.Write(body[8..], 8, 0);
        if (!exif.IsEmpty)
            exif.Write(body[(int)exifAt..], exifAt, 0);
        if (!gps.IsEmpty)
            gps.Write(body[(int)gpsAt..], gpsAt, 0);
        return block;
    }

    private static void Copy(TiffFile tiff, TiffDirectory from, ushort tag, TiffBuilder to)
    {
        if (!from.Entries.TryGetValue(tag, out TiffEntry entry)
            || entry.Type is 0 or > 13
            || from.Bytes(tag, MaxEntryBytes) is not { } value)
            return;
        if (!tiff.LittleEndian)
        {
            // Rationals are pairs of four bytes, all else swaps by its value size.
            int unit = entry.Type is 5 or 10 ? 4 : entry.ValueBytes;
            for (int i = 0; i + unit <= value.Length; i += unit)
                value.AsSpan(i, unit).Reverse();
        }

        to.Raw(tag, entry.Type, (uint)entry.Count, value);
    }
}
