namespace Pipeline.Cases.Tests.Photos;

/// <summary>DNG: what the pixels need to be right, and blocks that are not what the directory says.</summary>
public sealed class DngKindTests
{
    private const int Width = 120, Height = 80;
    private static readonly SortedDictionary<string, (Func<byte[]> Make, Rule Rule)> s_cases = new(MakeCases(), StringComparer.Ordinal);

    public static TheoryData<string> Names { get; } = [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Dng_Processed_IsRightOrRefused(string name) => Known.Run("dng/" + name, () => PhotoCase.Check(name + ".dng", s_cases[name].Make(), s_cases[name].Rule));

    private static Dictionary<string, (Func<byte[]>, Rule)> MakeCases()
    {
        Dictionary<string, (Func<byte[]>, Rule)> cases = [];
        int[][] rows = Mosaic.OfQuadrants(Width, Height, 0, 16383);
        Dng plain = new() { Rows = rows, White = 16383 }, lossless = plain with { Codec = new LosslessJpeg() };
        Rule right = Rule.Picture with { Tolerance = 12 }, refusable = right with { MayFail = true };
        cases["plain"] = (() => plain.Write(), right);
        cases["lossless"] = (() => lossless.Write(), right);
        cases["lossless-tiles"] = (() => (lossless with { IsTiled = true, BlockWidth = 64, BlockHeight = 48 }).Write(), right);
        AddTags(cases, plain, right, refusable);
        AddOpcodes(cases, plain, refusable);
        AddBlocks(cases, plain, rows, right, refusable);
        return cases;
    }

    private static void AddTags(Dictionary<string, (Func<byte[]>, Rule)> cases, Dng plain, Rule right, Rule refusable)
    {
        void Tag(string name, Rule rule, Action<TiffFolder> change) => cases[name] = (() => plain.Write(change), rule);
        Tag("format-signed", Says(refusable, "SampleFormat", "signed"), static f => f.Set(339, TiffValue.Short(2)));
        Tag("format-float16", Says(refusable, "SampleFormat", "float") with { MayGivePicture = false }, static f => f.Set(339, TiffValue.Short(3)));
        Tag("cfa-missing", refusable, static f => f.Remove(33422));
        Tag("cfa-dim-missing", refusable, static f => f.Remove(33421));
        Tag("cfa-type-long", refusable, static f => f.Set(33422, TiffValue.Long(0, 1, 1, 2)));
        Tag("cfa-type-short", refusable, static f => f.Set(33422, TiffValue.Short(0, 1, 1, 2)));
        Tag("cfa-two-values", Rule.Damaged, static f => f.Set(33422, TiffValue.Byte(0, 1)));
        Tag("cfa-one-color", Rule.Damaged, static f => f.Set(33422, TiffValue.Byte(1, 1, 1, 1)));
        Tag("cfa-color-9", Rule.Damaged, static f => f.Set(33422, TiffValue.Byte(0, 1, 1, 9)));
        Tag("cfa-3x3", Rule.Damaged, static f => f.Set(33421, TiffValue.Short(3, 3)).Set(33422, TiffValue.Byte(0, 1, 2, 1, 2, 0, 2, 0, 1)));
        Tag("cfa-0x0", Rule.Damaged, static f => f.Set(33421, TiffValue.Short(0, 0)));
        Tag("matrix-missing", Rule.Damaged with { Says = ["ColorMatrix", "matrix"] }, static f => f.Remove(50721));
        Tag("matrix-zero", Rule.Damaged with { Says = ["ColorMatrix", "matrix"] }, static f => f.Set(50721, TiffValue.SignedRational(0, 0, 0, 0, 0, 0, 0, 0, 0)));
        Tag("matrix-singular", Rule.Damaged with { Says = ["ColorMatrix", "matrix"] }, static f => f.Set(50721, TiffValue.SignedRational(1, 1, 1, 1, 1, 1, 1, 1, 1)));
        Tag("matrix-by-zero", Rule.Damaged with { Says = ["ColorMatrix", "matrix"] }, static f => f.Set(50721, TiffValue.Ratios(10, (1, 0), (0, 1), (0, 1), (0, 1), (1, 0), (0, 1), (0, 1), (0, 1), (1, 0))));
        Tag("matrix-two-values", Rule.Damaged with { Says = ["ColorMatrix", "matrix"] }, static f => f.Set(50721, TiffValue.SignedRational(1, 0)));
        Tag("neutral-zero", Rule.Damaged, static f => f.Set(50728, TiffValue.Rational(0, 0, 0)));
        Tag("neutral-by-zero", Rule.Damaged, static f => f.Set(50728, TiffValue.Ratios(5, (0, 0), (0, 0), (0, 0))));
        Tag("white-zero", Rule.Damaged, static f => f.Set(50717, TiffValue.Long(0)));
        Tag("white-below-black", Rule.Damaged, static f => f.Set(50714, TiffValue.Long(16383)).Set(50717, TiffValue.Long(100)));
        Tag("black-nan", refusable, static f => f.Set(50714, TiffValue.Double(double.NaN)));
        Tag("black-by-zero", refusable, static f => f.Set(50714, TiffValue.Ratios(5, (1, 0))));
        Tag("bits-12-said", Rule.Damaged, static f => f.Set(258, TiffValue.Short(12)));
        Tag("bits-17", Rule.Damaged, static f => f.Set(258, TiffValue.Short(17)));
        Tag("samples-3", Rule.Damaged, static f => f.Set(277, TiffValue.Short(3)));
        Tag("width-more", Rule.Damaged, static f => f.Set(256, TiffValue.Long(Width + 20)));
        Tag("height-more", Rule.Damaged, static f => f.Set(257, TiffValue.Long(Height + 20)));
        Tag("strip-missing", Rule.Damaged, static f => f.Set(278, TiffValue.Long(40)));
        Tag("offsets-missing", Rule.Damaged, static f => f.Remove(273));
        Tag("counts-missing", refusable, static f => f.Remove(279));
        Tag("count-less", Rule.Damaged, static f => f.Set(279, TiffValue.Long(Width * Height)));
        Tag("count-zero", refusable, static f => f.Set(279, TiffValue.Long(0)));
        Tag("compression-34892", Rule.Damaged, static f => f.Set(259, TiffValue.Short(34892)));
        Tag("compression-jxl", Says(Rule.Damaged, "JPEG XL") with { SaysNot = ["convert the file to DNG", "damaged"] }, static f => f.Set(259, TiffValue.Short(52546)));
        foreach (double stops in (double[])[1, 0.5, -0.5])
        {
            int[][] other = Mosaic.OfQuadrants(Width, Height, 0, 16383, (_, _) => Math.Pow(2, -stops));
            cases[$"exposure-{stops}"] = (() => (plain with { Rows = other }).Write(f => f.Set(50730, TiffValue.SignedRational(stops))), Says(refusable, "BaselineExposure"));
        }

        int[][] framed = Mosaic.Of(180, 120, static (x, y) => x is >= 30 and < 150 && y is >= 20 and < 100 ? Mosaic.OfQuadrants(Width, Height, 0, 16383)[y - 20][x - 30] : 0);
        Rule crop = Says(refusable, "DefaultCrop") with { Sizes = ["100x66", "100x67"] };
        cases["crop"] = (() => (plain with { Rows = framed }).Write(static f => f.Set(50719, TiffValue.Rational(30, 20)).Set(50720, TiffValue.Rational(120, 80))), crop);
        cases["crop-long"] = (() => (plain with { Rows = framed }).Write(static f => f.Set(50719, TiffValue.Long(30, 20)).Set(50720, TiffValue.Long(120, 80))), crop);
        cases["crop-in-active-area"] = (() => (plain with { Rows = framed }).Write(static f => f.Set(50829, TiffValue.Long(10, 10, 110, 170)).Set(50719, TiffValue.Rational(20, 10)).Set(50720, TiffValue.Rational(120, 80))), crop);
        cases["crop-outside"] = (() => plain.Write(static f => f.Set(50719, TiffValue.Rational(8, 8)).Set(50720, TiffValue.Rational(4000, 4000))), refusable);
        cases["active-area"] = (() => (plain with { Rows = framed }).Write(static f => f.Set(50829, TiffValue.Long(20, 30, 100, 150))), right with { Sizes = ["100x66", "100x67"] });
    }

    private static void AddOpcodes(Dictionary<string, (Func<byte[]>, Rule)> cases, Dng plain, Rule refusable)
    {
        // Half the light at the left edge, all of it at the right one; the map doubles it at the left.
        int[][] shaded = Mosaic.OfQuadrants(Width, Height, 0, 16383, static (x, _) => 1 / (2 - (double)x / (Width - 1)));
        Rule map = Says(refusable, "GainMap", "OpcodeList2") with { Tolerance = 14 };
        cases["opcode-gain-map-all"] = (() => (plain with { Rows = shaded }).Write(static f => f.Set(51009, TiffValue.Undefined(Opcodes.List(null, (9, false, Opcodes.GainMap(Width, Height, 0, 0, 1, [2, 1, 2, 1])))))), map);
        cases["opcode-gain-map-optional"] = (() => (plain with { Rows = shaded }).Write(static f => f.Set(51009, TiffValue.Undefined(Opcodes.List(null, (9, true, Opcodes.GainMap(Width, Height, 0, 0, 1, [2, 1, 2, 1])))))), map);
        cases["opcode-gain-map-four"] = (() => (plain with { Rows = shaded }).Write(static f => f.Set(51009, TiffValue.Undefined(Opcodes.List(null, [.. Enumerable.Range(0, 4).Select(static i => (9u, false, Opcodes.GainMap(Width, Height, i / 2, i % 2, 2, [2, 1, 2, 1])))])))), map);
        // A vignette that doubles the corners: the middles of the quadrants lie at half the way.
        int[][] dark = Mosaic.OfQuadrants(Width, Height, 0, 16383, static (x, y) => 1 / (1 + (Math.Pow((x - Width / 2.0) / (Width / 2.0), 2) * 0.6923 + Math.Pow((y - Height / 2.0) / (Height / 2.0), 2) * 0.3077)));
        cases["opcode-vignette"] = (() => (plain with { Rows = dark }).Write(static f => f.Set(51022, TiffValue.Undefined(Opcodes.List(null, (3, false, Opcodes.Vignette(1, 0, 0, 0, 0)))))), Says(refusable, "Vignette", "OpcodeList3") with { Tolerance = 16 });
        // A warp by a fifth: shown as it is, the quadrants are the same, so only a refusal or a picture is asked for.
        cases["opcode-warp"] = (() => plain.Write(static f => f.Set(51022, TiffValue.Undefined(Opcodes.List(null, (1, false, Opcodes.Warp(0.8, 0, 0, 0, 0, 0)))))), refusable);
        int[][] spotted = Mosaic.Of(Width, Height, static (x, y) => x is > 20 and < 40 && y is > 14 and < 26 && x % 2 == 0 && y % 2 == 0 ? 0 : Mosaic.OfQuadrants(Width, Height, 0, 16383)[y][x]);
        cases["opcode-bad-constant"] = (() => (plain with { Rows = spotted }).Write(static f => f.Set(51008, TiffValue.Undefined(Opcodes.List(null, (4, false, [.. Opcodes.Long(0), .. Opcodes.Long(0)]))))), Says(refusable, "FixBadPixels", "OpcodeList1"));
        cases["opcode-unknown"] = (() => plain.Write(static f => f.Set(51009, TiffValue.Undefined(Opcodes.List(null, (77, false, new byte[8]))))), Says(Rule.Damaged, "OpcodeList2", "77"));
        cases["opcode-unknown-optional"] = (() => plain.Write(static f => f.Set(51022, TiffValue.Undefined(Opcodes.List(null, (77, true, new byte[8]))))), refusable);
        foreach (ushort list in (ushort[])[51008, 51009, 51022])
        {
            cases[$"opcode-count-max-{list}"] = (() => plain.Write(f => f.Set(list, TiffValue.Undefined(Opcodes.List(uint.MaxValue, (7, true, new byte[8]))))), refusable);
            cases[$"opcode-cut-{list}"] = (() => plain.Write(f => f.Set(list, TiffValue.Undefined(Opcodes.List(null, (9, false, Opcodes.GainMap(Width, Height, 0, 0, 1, [1, 1, 1, 1])))[..40]))), Rule.Damaged);
            cases[$"opcode-size-max-{list}"] = (() => plain.Write(f => f.Set(list, TiffValue.Undefined([0, 0, 0, 1, 0, 0, 0, 9, 1, 3, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]))), Rule.Damaged);
        }
    }

    private static void AddBlocks(Dictionary<string, (Func<byte[]>, Rule)> cases, Dng plain, int[][] rows, Rule right, Rule refusable)
    {
        LosslessJpeg codec = new();
        byte[] good = codec.Write(rows), upper = codec.Write(rows[..40]), lower = codec.Write(rows[40..]);
        void Block(string name, Rule rule, params byte[][] blocks) => cases["block-" + name] = (() => (plain with { Codec = codec, Blocks = blocks, BlockHeight = blocks.Length == 2 ? 40 : 0 }).Write(), rule);
        Block("good", right, good);
        Block("good-two", right, upper, lower);
        Block("empty", Rule.Damaged, []);
        Block("one-byte", Rule.Damaged, [[0xFF]]);
        Block("zeros", Rule.Damaged, new byte[64]);
        Block("zeros-long", Rule.Damaged, new byte[good.Length]);
        Block("second-zeros", Rule.Damaged, upper, new byte[lower.Length]);
        Block("second-empty", Rule.Damaged, upper, []);
        Block("second-half", Rule.Damaged, upper, lower[..(lower.Length / 2)]);
        Block("half", Rule.Damaged, good[..(good.Length / 2)]);
        Block("header-cut", Rule.Damaged, good[..20]);
        Block("no-end", refusable, good[..^2]);
        Block("no-table", Rule.Damaged, (codec with { Table = null }).Write(rows));
        Block("table-empty", Rule.Damaged, (codec with { Table = null, Extra = [0xFF, 0xC4, 0, 2] }).Write(rows));
        Block("table-no-codes", Rule.Damaged, (codec with { Table = null, Extra = [0xFF, 0xC4, 0, 19, 0, .. new byte[16]] }).Write(rows));
        Block("table-too-many", Rule.Damaged, (codec with { Table = null, Extra = [0xFF, 0xC4, 0, 29, 0, 10, .. new byte[15], .. Enumerable.Range(0, 10).Select(static i => (byte)i)] }).Write(rows));
        Block("table-category-17", Rule.Damaged, (codec with { Table = null, Extra = [0xFF, 0xC4, 0, 36, 0, .. DifferenceCodes.All.Counts, .. Enumerable.Range(17, 17).Select(static i => (byte)i)] }).Write(rows));
        foreach (byte marker in (byte[])[0xC0, 0xC1, 0xC2, 0xC9, 0xCB, 0xF7])
            Block($"frame-{marker:x2}", refusable, (codec with { FrameMarker = marker }).Write(rows));
        Block("width-double", Rule.Damaged, (codec with { StatedWidth = Width }).Write(rows));
        Block("width-half", Rule.Damaged, (codec with { StatedWidth = Width / 4 }).Write(rows));
        Block("height-half", Rule.Damaged, (codec with { StatedHeight = Height / 2 }).Write(rows));
        Block("height-double", refusable, (codec with { StatedHeight = Height * 2 }).Write(rows));
        Block("precision-17", Rule.Damaged, JpegPicture.Change(good, JpegPicture.Find(good, 0xC3) + 4, 17));
        Block("sampling-22", Rule.Damaged, (codec with { Sampling = 0x22 }).Write(rows));
        Block("predictor-8", Rule.Damaged, JpegPicture.Change(good, JpegPicture.Find(good, 0xDA) + 9, 8));
        Block("components-1", refusable, (codec with { Components = 1 }).Write(rows));
        Block("components-4", refusable, (codec with { Components = 4 }).Write(rows));
        for (int predictor = 2; predictor <= 7; predictor++)
            Block($"predictor-{predictor}", refusable, (codec with { Predictor = predictor }).Write(rows));
        Block("point-transform", refusable, (codec with { PointTransform = 1 }).Write(rows));
        Block("restart", refusable, (codec with { Restart = Width / 2 }).Write(rows));
        Block("hole", Rule.Damaged, [.. good[..(good.Length / 2)], .. new byte[200], .. good[(good.Length / 2 + 200)..]]);
        Block("marker-inside", Rule.Damaged, [.. good[..(good.Length / 2)], 0xFF, 0xD9, .. good[(good.Length / 2 + 2)..]]);
    }

    private static Rule Says(Rule rule, params string[] words) => rule with { Says = words };
}
