namespace Pipeline.Cases.Tests.Photos;

/// <summary>TIFF: damaged blocks, missing codecs, sample formats, photometrics, extra samples, pages.</summary>
public sealed class TiffKindTests
{
    private static readonly SortedDictionary<string, (Func<byte[]> Make, Rule Rule)> s_cases = new(MakeCases(), StringComparer.Ordinal);

    public static TheoryData<string> Names { get; } = [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Tiff_Processed_IsRightOrRefused(string name) => Known.Run("tiff/" + name, () => PhotoCase.Check(name + ".tif", s_cases[name].Make(), s_cases[name].Rule));

    private static Dictionary<string, (Func<byte[]>, Rule)> MakeCases()
    {
        Dictionary<string, (Func<byte[]>, Rule)> cases = [];
        TiffPicture strips = new(), tiles = new() { IsTiled = true };
        foreach ((string layout, TiffPicture picture) in (IEnumerable<(string, TiffPicture)>)[("strip", strips), ("tile", tiles)])
        {
            cases[$"{layout}-plain"] = (() => picture.Write(), Rule.Picture);
            cases[$"{layout}-deflate"] = (() => (picture with { Compression = 8, Compress = Png.Deflate }).Write(), Rule.Picture);
            cases[$"{layout}-16"] = (() => (picture with { Bits = 16 }).Write(), Rule.Picture);
            cases[$"{layout}-minus-white"] = (() => (picture with { Photometric = 0, Samples = static (r, g, b) => [1 - g / 255.0] }).Write(), Gray(Rule.PictureOrUnsupported("photometric", "white")));
            foreach (int block in (int[])[0, 1, 5])
                cases[$"{layout}-deflate-damaged-{block}"] = (() => (picture with { Compression = 8, Compress = Png.Deflate, Spoiled = block % 4 }).Write(), Rule.Damaged);
            cases[$"{layout}-deflate-adler"] = (() => (picture with { Compression = 8, Compress = Png.Deflate, Spoiled = 0, Spoil = static b => [.. b[..^2], 1, 2] }).Write(), Rule.Damaged);
            cases[$"{layout}-deflate-cut"] = (() => (picture with { Compression = 8, Compress = Png.Deflate, Spoiled = 1, Spoil = static b => b[..(b.Length / 2)] }).Write(), Rule.Damaged);
            cases[$"{layout}-plain-short"] = (() => (picture with { Spoiled = 1, Spoil = static b => b[..(b.Length / 2)] }).Write(), Rule.Damaged);
            cases[$"{layout}-deflate-less"] = (() => (picture with { Compression = 8, Compress = static b => Png.Deflate(b[..(b.Length / 2)]) }).Write(), Rule.Damaged);
            // Codecs that this build has not: the file is whole.
            foreach ((string codec, int number) in (IEnumerable<(string, int)>)[("ZSTD", 50000), ("LZMA", 34925), ("LERC", 34887), ("JPEG XL", 50002), ("JPEG 2000", 34712), ("CCITT", 4), ("SGI", 34676), ("ThunderScan", 32809), ("Pixar", 32909), ("54321", 54321)])
                cases[$"{layout}-codec-{number}"] = (() => (picture with { Compression = number }).Write(), Rule.Unsupported(codec, number.ToString()));
            // Sample formats: numbers from 0 to 1, or whole numbers of which the largest is white.
            foreach ((int format, int bits) in (IEnumerable<(int, int)>)[(1, 32), (2, 8), (2, 16), (2, 32), (3, 16), (3, 32), (3, 64), (5, 32), (6, 64)])
            {
                // Nothing says whether numbers with a point are light or sRGB.
                Rule rule = Rule.PictureOrUnsupported("sample", "bit", "float", "complex", "signed") with { OtherColors = format == 3 ? Mosaic.QuadrantsOfLight : [] };
                cases[$"{layout}-samples-{format}-{bits}"] = (() => (picture with { SampleFormat = format, Bits = bits }).Write(), rule);
            }

            cases[$"{layout}-samples-mixed"] = (() => picture.Write(static folder => folder.Set(339, TiffValue.Short(1, 3, 1))), Rule.PictureOrUnsupported("sample"));
            cases[$"{layout}-bits-mixed"] = (() => picture.Write(static folder => folder.Set(258, TiffValue.Short(8, 16, 8))), Rule.PictureOrUnsupported("bit") with { SaysNot = ["defect"] });
            cases[$"{layout}-planar"] = (() => (picture with { IsPlanar = true }).Write(), Rule.PictureOrUnsupported("planar", "plane"));
            // Photometrics whose numbers are no RGB.
            foreach ((string color, int number) in (IEnumerable<(string, int)>)[("ICCLab", 9), ("ITULab", 10), ("LogL", 32844), ("LogLuv", 32845), ("CFA", 32803), ("12345", 12345)])
                cases[$"{layout}-photometric-{number}"] = (() => (picture with { Photometric = number }).Write(), Rule.Unsupported(color, number.ToString(), "photometric", "sensor", "camera") with { SaysNot = ["Copy it again", "defect"] });
            // Extra samples: 0 says nothing, 1 and 2 are transparency.
            TiffPicture four = picture with { Samples = static (r, g, b) => [r / 255.0, g / 255.0, b / 255.0, 0] };
            cases[$"{layout}-extra-unspecified"] = (() => (four with { Extra = [0] }).Write(), Rule.PictureOrUnsupported("ExtraSamples", "channel", "sample"));
            cases[$"{layout}-extra-untold"] = (() => four.Write(), Rule.PictureOrUnsupported("ExtraSamples", "channel", "sample"));
            cases[$"{layout}-extra-two"] = (() => (picture with { Samples = static (r, g, b) => [r / 255.0, g / 255.0, b / 255.0, 1, 0], Extra = [2, 0] }).Write(), Rule.PictureOrUnsupported("ExtraSamples", "channel", "sample"));
            cases[$"{layout}-extra-alpha"] = (() => (picture with { Samples = static (r, g, b) => [r / 255.0, g / 255.0, b / 255.0, 1], Extra = [2] }).Write(), Rule.Picture);
            cases[$"{layout}-extra-gray-mask"] = (() => (picture with { Photometric = 1, Samples = static (r, g, b) => [g / 255.0, 0], Extra = [0] }).Write(), Gray(Rule.PictureOrUnsupported("ExtraSamples", "channel", "sample")));
            cases[$"{layout}-cmyk"] = (() => (picture with { Photometric = 5, Samples = static (r, g, b) => [1 - r / 255.0, 1 - g / 255.0, 1 - b / 255.0, 0] }).Write(), Rule.Picture with { Tolerance = 90 });
            cases[$"{layout}-extra-cmyk"] = (() => (picture with { Photometric = 5, Samples = static (r, g, b) => [1 - r / 255.0, 1 - g / 255.0, 1 - b / 255.0, 0, 0.5], Extra = [0] }).Write(), Rule.PictureOrUnsupported("ExtraSamples", "channel", "sample") with { Tolerance = 90 });
            // Fewer blocks than the picture needs, blocks beyond the end.
            cases[$"{layout}-blocks-missing"] = (() => Missing(picture), Rule.Damaged);
            cases[$"{layout}-counts-missing"] = (() => picture.Write(static folder => folder.Remove(279).Remove(325)), Rule.Picture with { MayFail = true });
        }

        AddPages(cases, strips);
        return cases;
    }

    private static void AddPages(Dictionary<string, (Func<byte[]>, Rule)> cases, TiffPicture picture)
    {
        static TiffFolder Small(int kind) => new TiffPicture { Width = 48, Height = 32, Samples = static (_, _, _) => [0.9, 0.9, 0.1] }.Folder().Set(254, TiffValue.Long((uint)kind));
        cases["page-thumbnail-first"] = (() => Chain(Small(1), picture.Folder()), Rule.Picture);
        cases["page-thumbnail-second"] = (() => Chain(picture.Folder(), Small(1)), Rule.Picture);
        cases["page-thumbnail-untold"] = (() => Chain(Small(0).Remove(254), picture.Folder().Remove(254)), Rule.Picture);
        cases["page-mask-first"] = (() => Chain(new TiffPicture { Photometric = 4, Samples = static (_, _, _) => [1] }.Folder().Set(254, TiffValue.Long(4)), picture.Folder()), Rule.Picture);
        cases["page-thumbnails-then-photo"] = (() => Chain(Small(1), Small(1), picture.Folder()), Rule.Picture);
        cases["page-photo-in-subifd"] = (() =>
        {
            TiffFolder first = Small(1);
            first.Folders[330] = [picture.Folder()];
            return TiffFileMaker.Write(first);
        }, Rule.Picture);
        cases["page-thumbnail-in-subifd"] = (() =>
        {
            TiffFolder first = picture.Folder();
            first.Folders[330] = [Small(1)];
            return TiffFileMaker.Write(first);
        }, Rule.Picture);
        cases["orientation-1"] = (() => picture.Write(static folder => folder.Set(274, TiffValue.Short(1))), Rule.Picture);
        cases["orientation-8"] = (() => picture.Write(static folder => folder.Set(274, TiffValue.Short(8))), Rule.Picture with { Colors = [Mosaic.Quadrants[1], Mosaic.Quadrants[3], Mosaic.Quadrants[0], Mosaic.Quadrants[2]] });
    }

    private static Rule Gray(Rule rule) => rule with { Colors = [.. Mosaic.Quadrants.Select(static color => (color.G, color.G, color.G))] };

    private static byte[] Chain(params TiffFolder[] folders)
    {
        for (int i = 0; i + 1 < folders.Length; i++)
            folders[i].Next = folders[i + 1];
        return TiffFileMaker.Write(folders[0]);
    }

    private static byte[] Missing(TiffPicture picture)
    {
        TiffFolder folder = picture.Folder();
        ushort tag = (ushort)(picture.IsTiled ? 324 : 273);
        byte[][] blocks = folder.Blocks[tag][..^2];
        return TiffFileMaker.Write(folder.SetBlocks(tag, (ushort)(tag + (picture.IsTiled ? 1 : 6)), blocks));
    }
}
