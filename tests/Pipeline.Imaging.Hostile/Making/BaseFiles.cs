using NetVips;

namespace Pipeline.Imaging.Hostile;

/// <summary>The whole files that mutations start from: each format in its common forms, made here; camera files beside the checkout where they are.</summary>
internal static class BaseFiles
{
    private const int Width = 160, Height = 120;

    /// <summary>Makes all files, by name.</summary>
    public static SortedDictionary<string, byte[]> Make()
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        using Image color = Scene(3), gray = Scene(1), alpha = Scene(4);
        files["jpeg-baseline.jpg"] = color.JpegsaveBuffer(q: 85);
        files["jpeg-progressive.jpg"] = color.JpegsaveBuffer(q: 85, interlace: true);
        files["jpeg-gray.jpg"] = gray.JpegsaveBuffer(q: 85);
        files["jpeg-restart.jpg"] = color.JpegsaveBuffer(q: 85, restartInterval: 4);
        files["jpeg-exif.jpg"] = WithExif(color.JpegsaveBuffer(q: 85));
        files["png-color.png"] = color.PngsaveBuffer();
        files["png-interlaced.png"] = color.PngsaveBuffer(interlace: true);
        files["png-alpha.png"] = alpha.PngsaveBuffer();
        files["png-palette.png"] = color.PngsaveBuffer(palette: true);
        using (Image deep = (color * 257).Cast(Enums.BandFormat.Ushort))
        using (Image deepColor = deep.Copy(interpretation: Enums.Interpretation.Rgb16))
        {
            files["png-16.png"] = deepColor.PngsaveBuffer();
            files["tiff-16.tif"] = deepColor.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal);
        }

        foreach (Enums.ForeignTiffCompression compression in (Enums.ForeignTiffCompression[])[Enums.ForeignTiffCompression.None, Enums.ForeignTiffCompression.Lzw, Enums.ForeignTiffCompression.Deflate, Enums.ForeignTiffCompression.Jpeg, Enums.ForeignTiffCompression.Packbits])
        {
            string name = compression.ToString().ToLowerInvariant();
            files[$"tiff-strip-{name}.tif"] = color.TiffsaveBuffer(compression: compression);
            files[$"tiff-tile-{name}.tif"] = color.TiffsaveBuffer(compression: compression, tile: true, tileWidth: 64, tileHeight: 48 + 16);
        }

        files["tiff-pages.tif"] = color.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw, pyramid: true, tile: true, tileWidth: 64, tileHeight: 64);
        files["webp-lossy.webp"] = color.WebpsaveBuffer(q: 80);
        files["webp-lossless.webp"] = color.WebpsaveBuffer(lossless: true);
        files["webp-alpha.webp"] = alpha.WebpsaveBuffer(q: 80);
        AddRaw(files);
        return files;
    }

    /// <summary>Gets the camera files of the folder shared/raw above the program that are small enough to be decoded often; none when there is no such folder.</summary>
    public static SortedDictionary<string, byte[]> ReadCameraFiles(string? folder)
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string path in folder is null ? [] : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(path) is not (".md" or ".py"))
                files["camera-" + Path.GetFileName(path)] = File.ReadAllBytes(path);
        }

        return files;
    }

    private static void AddRaw(SortedDictionary<string, byte[]> files)
    {
        int[][] waves = Mosaic.OfWaves(Width, Height);
        Dng plain = new() { Rows = waves, Black = 256, White = 16383, Neutral = [0.52, 1, 0.68] }, lossless = plain with { Codec = new LosslessJpeg() };
        files["dng-plain.dng"] = plain.Write();
        files["dng-plain-strips.dng"] = (plain with { BlockHeight = 16 }).Write();
        files["dng-plain-tiles.dng"] = (plain with { IsTiled = true, BlockWidth = 64, BlockHeight = 48 }).Write();
        files["dng-plain-big-endian.dng"] = (plain with { IsBigEndian = true }).Write();
        files["dng-lossless.dng"] = lossless.Write();
        files["dng-lossless-tiles.dng"] = (lossless with { IsTiled = true, BlockWidth = 64, BlockHeight = 48 }).Write();
        files["dng-lossless-restart.dng"] = (plain with { Codec = new LosslessJpeg { Restart = Width / 2 } }).Write();
        files["dng-lossless-four.dng"] = (plain with { Codec = new LosslessJpeg { Components = 4 } }).Write();
        files["dng-opcodes.dng"] = lossless.Write(static folder => folder
            .Set(51008, TiffValue.Undefined(Opcodes.List(null, (5, false, Opcodes.BadPoints((10, 10), (20, 31))))))
            .Set(51009, TiffValue.Undefined(Opcodes.List(null, (9, false, Opcodes.GainMap(Width, Height, 0, 0, 1, [1, 2, 1, 2])))))
            .Set(51022, TiffValue.Undefined(Opcodes.List(null, (1, false, Opcodes.Warp(1, 0.01, 0, 0, 0, 0)), (3, true, Opcodes.Vignette(0.1, 0, 0, 0, 0))))));
        files["dng-levels.dng"] = plain.Write(static folder => folder
            .Set(50713, TiffValue.Short(2, 2)).Set(50714, TiffValue.Short(250, 256, 260, 256)).Set(50712, TiffValue.Short([.. Enumerable.Range(0, 4096).Select(static i => i * 4)]))
            .Set(50829, TiffValue.Long(4, 6, Height - 4, Width - 6)).Set(50719, TiffValue.Rational(8, 8)).Set(50720, TiffValue.Rational(120, 90)));
        files["nikon.nef"] = NikonRaw.Write(waves);
        files["canon.cr2"] = CanonRaw.Write(waves);
        using MemoryStream synthetic = new();
        new SyntheticCamera(320, 208).WritePhoto(synthetic, 1, CancellationToken.None);
        files["dng-synthetic.dng"] = synthetic.ToArray();
    }

    private static Image Scene(int bands)
    {
        byte[] pixels = new byte[Width * Height * bands];
        for (int y = 0, i = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                for (int band = 0; band < bands; band++)
                    pixels[i++] = (byte)(band == 3 ? x + y : 128 + 60 * Math.Sin((x * (band + 1) + y) / 17.0) + (((x / 16) + (y / 16)) % 2 * 30));
            }
        }

        using Image image = Image.NewFromMemory(pixels, Width, Height, bands, Enums.BandFormat.Uchar);
        return image.Copy(interpretation: bands == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }

    /// <summary>Puts an EXIF segment with an orientation, a camera and a place behind the start of a JPEG.</summary>
    private static byte[] WithExif(byte[] jpeg)
    {
        TiffFolder first = new TiffFolder().Set(271, TiffValue.Ascii("Fault")).Set(272, TiffValue.Ascii("Cam")).Set(274, TiffValue.Short(6));
        first.Folders[34665] = [new TiffFolder().Set(33434, TiffValue.Rational(0.01)).Set(34855, TiffValue.Short(100)).Set(37510, TiffValue.Undefined("ASCII\0\0\0a remark"u8.ToArray()))];
        first.Folders[34853] = [new TiffFolder().Set(1, TiffValue.Ascii("N")).Set(2, TiffValue.Rational(48, 8, 0))];
        byte[] content = [.. "Exif\0\0"u8, .. TiffFileMaker.Write(first)];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg.AsSpan(2)];
    }
}
