using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Fills rows of sensor values.</summary>
/// <param name="y">The row.</param>
/// <param name="row">Its values, one per pixel, to be filled.</param>
public delegate void SensorRow(int y, Span<ushort> row);

/// <summary>Makes one pixel of the embedded thumbnail.</summary>
/// <param name="u">Horizontal position, 0 to 1.</param>
/// <param name="v">Vertical position, 0 to 1.</param>
/// <returns>8-bit sRGB.</returns>
public delegate (byte Red, byte Green, byte Blue) ThumbnailPixel(double u, double v);

/// <summary>Writes camera RAW files of Bayer sensors in the DNG format (Adobe DNG specification 1.4): a thumbnail in the first directory, the sensor data in a
/// sub-directory, as cameras do.</summary>
/// <remarks>Rows are asked for in bands of 512 and may be filled on several threads at the same time; memory stays at a few bands for any size.</remarks>
public static class DngWriter
{
    private const int BandRows = 512;
    private const int TileEdge = 512;
    private const int ThumbnailWidth = 256;

    /// <summary>Writes a file.</summary>
    /// <param name="target">An empty, seekable stream.</param>
    /// <param name="settings">Size, levels, colors and metadata.</param>
    /// <param name="sensor">Fills each row once; called from several threads.</param>
    /// <param name="thumbnail">Makes the pixels of the thumbnail; null for a gray one.</param>
    /// <param name="cancellationToken">Stops between bands.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; the stream is incomplete then.</exception>
    public static void Write(
        Stream target,
        DngSettings settings,
        SensorRow sensor,
        ThumbnailPixel? thumbnail = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(sensor);
        settings.Check();
        byte[] thumb = Thumbnail(settings, thumbnail, out int thumbHeight);
        int tileCount = settings.Compression == DngCompression.None ? 0 : Tiles(settings.Width) * Tiles(settings.Height);
        uint[] offsets = new uint[tileCount], counts = new uint[tileCount];

        // The header's length does not depend on the numbers in it; it is written again when the tile sizes are known.
        uint thumbAt = (uint)Header(settings, thumbHeight, 0, 0, offsets, counts).Length;
        uint dataAt = thumbAt + (uint)((thumb.Length + 1) & ~1);
        target.Write(Header(settings, thumbHeight, thumbAt, dataAt, offsets, counts));
        target.Write(thumb);
        if (thumb.Length % 2 != 0)
            target.WriteByte(0);
        if (settings.Compression == DngCompression.None)
            WriteStrip(target, settings, sensor, cancellationToken);
        else
        {
            WriteTiles(target, settings, sensor, dataAt, offsets, counts, cancellationToken);
            target.Position = 0;
            target.Write(Header(settings, thumbHeight, thumbAt, dataAt, offsets, counts));
            target.Position = target.Length;
        }
    }

    private static int Tiles(int edge) => (edge + TileEdge - 1) / TileEdge;

    private static void WriteStrip(Stream target, DngSettings settings, SensorRow sensor, CancellationToken cancellationToken)
    {
        ushort[] band = new ushort[BandRows * settings.Width];
        for (int y = 0; y < settings.Height; y += BandRows)
        {
            int rows = FillBand(band, y, settings, sensor, cancellationToken);
            Span<ushort> values = band.AsSpan(0, rows * settings.Width);
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(values, values);
            target.Write(MemoryMarshal.AsBytes(values));
        }
    }

    private static void WriteTiles(
        Stream target,
        DngSettings settings,
        SensorRow sensor,
        uint dataAt,
        uint[] offsets,
        uint[] counts,
        CancellationToken cancellationToken)
    {
        int across = Tiles(settings.Width), precision = Math.Max(2, 32 - int.LeadingZeroCount(settings.WhiteLevel));
        ushort[] band = new ushort[BandRows * settings.Width];
        byte[][] tiles = new byte[across][];
        uint at = dataAt;
        for (int y = 0; y < settings.Height; y += BandRows)
        {
            int rows = FillBand(band, y, settings, sensor, cancellationToken);
            Parallel.For(0, across, new ParallelOptions { CancellationToken = cancellationToken }, tile =>
            {
                ushort[] values = new ushort[TileEdge * TileEdge];
                int columns = Math.Min(TileEdge, settings.Width - (tile * TileEdge));
                for (int row = 0; row < TileEdge; row++)
                {
                    // What lies outside the sensor repeats the last pair of rows and columns: the same colors, and cheap to encode.
                    int from = row < rows ? row : rows - 2 + ((row - rows) & 1);
                    Span<ushort> line = values.AsSpan(row * TileEdge, TileEdge);
                    band.AsSpan((from * settings.Width) + (tile * TileEdge), columns).CopyTo(line);
                    for (int x = columns; x < TileEdge; x++)
                        line[x] = line[x - 2];
                }

                tiles[tile] = LosslessJpegEncoder.Encode(values, TileEdge, TileEdge, precision);
            });
            for (int tile = 0; tile < across; tile++)
            {
                int index = (y / BandRows * across) + tile;
                offsets[index] = at;
                counts[index] = (uint)tiles[tile].Length;
                target.Write(tiles[tile]);
                at += counts[index];
                if (counts[index] % 2 != 0)
                {
                    target.WriteByte(0);
                    at++;
                }
            }
        }
    }

    private static int FillBand(ushort[] band, int y, DngSettings settings, SensorRow sensor, CancellationToken cancellationToken)
    {
        int rows = Math.Min(BandRows, settings.Height - y), width = settings.Width;
        Parallel.For(
            0,
            rows,
            new ParallelOptions { CancellationToken = cancellationToken },
            row => sensor(y + row, band.AsSpan(row * width, width)));
        return rows;
    }

    private static byte[] Thumbnail(DngSettings settings, ThumbnailPixel? pixel, out int height)
    {
        height = Math.Clamp((int)Math.Round((double)ThumbnailWidth * settings.Height / settings.Width), 1, 65535);
        byte[] rgb = new byte[ThumbnailWidth * height * 3];
        rgb.AsSpan().Fill(128);
        if (pixel is null)
            return rgb;
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < ThumbnailWidth; x++, i += 3)
                (rgb[i], rgb[i + 1], rgb[i + 2]) = pixel((x + 0.5) / ThumbnailWidth, (y + 0.5) / height);
        }

        return rgb;
    }

    private static byte[] Header(DngSettings settings, int thumbHeight, uint thumbAt, uint dataAt, uint[] offsets, uint[] counts)
    {
        PhotoMetadata shot = settings.Metadata;
        string make = shot.Make ?? "Pipeline", model = shot.Model ?? "Synthetic";
        TiffBuilder main = new TiffBuilder()
            .Long(TiffTag.NewSubfileType, 1)
            .Long(TiffTag.ImageWidth, ThumbnailWidth)
            .Long(TiffTag.ImageLength, (uint)thumbHeight)
            .Short(TiffTag.BitsPerSample, 8, 8, 8)
            .Short(TiffTag.Compression, 1)
            .Short(TiffTag.Photometric, 2)
            .Text(TiffTag.Make, make)
            .Text(TiffTag.Model, model)
            .Long(TiffTag.StripOffsets, thumbAt)
            .Short(TiffTag.Orientation, (ushort)settings.Orientation)
            .Short(TiffTag.SamplesPerPixel, 3)
            .Long(TiffTag.RowsPerStrip, (uint)thumbHeight)
            .Long(TiffTag.StripByteCounts, (uint)(ThumbnailWidth * thumbHeight * 3))
            .Short(TiffTag.PlanarConfiguration, 1)
            .Text(TiffTag.Software, "Pipeline.Imaging")
            .Long(TiffTag.SubIfds, 0)
            .Long(TiffTag.ExifIfd, 0)
            .Byte(TiffTag.DngVersion, 1, 4, 0, 0)
            .Byte(TiffTag.DngBackwardVersion, 1, 3, 0, 0)
            .Text(TiffTag.UniqueCameraModel, $"{make} {model}")
            .Rational(TiffTag.ColorMatrix1, signed: true, 10000, [.. settings.ColorMatrix])
            .Rational(TiffTag.AsShotNeutral, signed: false, 1000000, [.. settings.AsShotNeutral])
            .Short(TiffTag.CalibrationIlluminant1, 21);
        if (shot.Taken is { } taken)
            main.Text(TiffTag.DateTime, taken);
        if (shot.Artist is { } artist)
            main.Text(TiffTag.Artist, artist);
        if (shot.Copyright is { } copyright)
            main.Text(TiffTag.Copyright, copyright);

        TiffBuilder exif = new TiffBuilder().Undefined(TiffTag.ExifVersion, "0230"u8.ToArray());
        if (shot.ExposureSeconds is { } seconds)
            exif.Rational(TiffTag.ExposureTime, signed: false, 100000, seconds);
        if (shot.FNumber is { } aperture)
            exif.Rational(TiffTag.FNumber, signed: false, 10, aperture);
        if (shot.Iso is { } iso)
            exif.Short(TiffTag.Iso, (ushort)Math.Clamp(iso, 1, 65535));
        if (shot.Taken is { } original)
            exif.Text(TiffTag.DateTimeOriginal, original);
        if (shot.FocalLength is { } focal)
            exif.Rational(TiffTag.FocalLength, signed: false, 10, focal);

        TiffBuilder raw = new TiffBuilder()
            .Long(TiffTag.NewSubfileType, 0)
            .Long(TiffTag.ImageWidth, (uint)settings.Width)
            .Long(TiffTag.ImageLength, (uint)settings.Height)
            .Short(TiffTag.BitsPerSample, 16)
            .Short(TiffTag.Photometric, 32803)
            .Short(TiffTag.SamplesPerPixel, 1)
            .Short(TiffTag.PlanarConfiguration, 1)
            .Short(TiffTag.CfaRepeatPatternDim, 2, 2)
            .Byte(TiffTag.CfaPattern, PatternBytes(settings.Pattern))
            .Byte(TiffTag.CfaPlaneColor, 0, 1, 2)
            .Short(TiffTag.CfaLayout, 1)
            .Short(TiffTag.BlackLevelRepeatDim, 1, 1)
            .Long(TiffTag.BlackLevel, (uint)settings.BlackLevel)
            .Long(TiffTag.WhiteLevel, (uint)settings.WhiteLevel);
        if (settings.Compression == DngCompression.None)
        {
            raw.Short(TiffTag.Compression, 1)
                .Long(TiffTag.StripOffsets, dataAt)
                .Long(TiffTag.RowsPerStrip, (uint)settings.Height)
                .Long(TiffTag.StripByteCounts, (uint)((long)settings.Width * settings.Height * 2));
        }
        else
        {
            raw.Short(TiffTag.Compression, 7)
                .Long(TiffTag.TileWidth, TileEdge)
                .Long(TiffTag.TileLength, TileEdge)
                .Long(TiffTag.TileOffsets, offsets)
                .Long(TiffTag.TileByteCounts, counts);
        }

        uint exifAt = 8 + (uint)main.Bytes, rawAt = exifAt + (uint)exif.Bytes;
        main.Long(TiffTag.ExifIfd, exifAt).Long(TiffTag.SubIfds, rawAt);
        byte[] header = new byte[rawAt + raw.Bytes];
        "II*\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 8);
        main.Write(header.AsSpan(8), 8, 0);
        exif.Write(header.AsSpan((int)exifAt), exifAt, 0);
        raw.Write(header.AsSpan((int)rawAt), rawAt, 0);
        return header;
    }

    private static byte[] PatternBytes(BayerPattern pattern) => pattern switch
    {
        BayerPattern.Rggb => [0, 1, 1, 2],
        BayerPattern.Bggr => [2, 1, 1, 0],
        BayerPattern.Grbg => [1, 0, 2, 1],
        _ => [1, 2, 0, 1],
    };
}
