namespace Pipeline.Cases.Tests.Photos;

/// <summary>JPEG: one orientation for size and pixels, and files that every viewer opens.</summary>
public sealed class JpegKindTests
{
    private static readonly SortedDictionary<string, (Func<byte[]> Make, Rule Rule)> s_cases = new(MakeCases(), StringComparer.Ordinal);

    public static TheoryData<string> Names { get; } = [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Jpeg_Processed_IsRightOrRefused(string name) => Known.Run("jpeg/" + name, () => PhotoCase.Check(name + ".jpg", s_cases[name].Make(), s_cases[name].Rule));

    private static Dictionary<string, (Func<byte[]>, Rule)> MakeCases()
    {
        Rule upright = Rule.Picture with { Sizes = ["100x62", "100x63"] }, warned = Rule.PictureWithWarning with { Sizes = ["100x62", "100x63"] };
        Dictionary<string, (Func<byte[]>, Rule)> cases = new() { ["plain"] = (static () => JpegPicture.Plain, upright) };
        for (int i = 1; i <= 8; i++)
        {
            int o = i;
            cases[$"orientation-{o}"] = (() => JpegPicture.With(JpegPicture.Turned(o), JpegPicture.ExifSegment(JpegPicture.Exif(o))), upright);
            cases[$"orientation-{o}-big-endian"] = (() => JpegPicture.With(JpegPicture.Turned(o), JpegPicture.ExifSegment(JpegPicture.Exif(o, isBigEndian: true))), upright);
        }

        byte[] Six(params byte[][] segments) => JpegPicture.With(JpegPicture.Turned(6), segments);
        byte[] exif = JpegPicture.ExifSegment(JpegPicture.Exif(6));
        cases["orientation-after-empty-exif"] = (() => Six(JpegPicture.Segment(0xE1, [.. "Exif\0\0"u8]), exif), upright);
        cases["orientation-after-junk-exif"] = (() => Six(JpegPicture.Segment(0xE1, [.. "Exif\0\0"u8, .. new byte[40]]), exif), upright);
        cases["orientation-after-cut-exif"] = (() => Six(JpegPicture.Segment(0xE1, [.. "Exif\0\0"u8, .. JpegPicture.Exif(6).AsSpan(0, 12)]), exif), upright);
        cases["orientation-after-xmp"] = (() => Six(JpegPicture.Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0<x/>"u8]), exif), upright);
        cases["orientation-after-jfif"] = (() => Six(JpegPicture.Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]), exif), upright);
        // Two blocks that disagree: whichever rule holds, size and pixels follow the same one.
        cases["orientation-six-then-one"] = (() => Six(exif, JpegPicture.ExifSegment(JpegPicture.Exif(1))), upright);
        cases["orientation-type-long"] = (() => Six(JpegPicture.ExifSegment(JpegPicture.Exif(6, static f => f.Set(274, TiffValue.Long(6))))), upright);
        cases["orientation-9"] = (static () => JpegPicture.With(JpegPicture.Plain, JpegPicture.ExifSegment(JpegPicture.Exif(9))), upright);

        byte[] plain = JpegPicture.Plain;
        cases["no-end"] = (() => plain[..^2], warned);
        cases["junk-after-end"] = (() => [.. plain, .. new byte[5000]], upright);
        foreach (int junk in (int[])[1, 3, 100])
        {
            cases[$"junk-{junk}-before-frame"] = (() => Junk(plain, 0xC0, junk), warned);
            cases[$"junk-{junk}-before-table"] = (() => Junk(plain, 0xC4, junk), warned);
            cases[$"junk-{junk}-before-scan"] = (() => Junk(plain, 0xDA, junk), warned);
        }

        int scan = JpegPicture.Find(plain, 0xDA);
        // A baseline scan says 0, 63, 0; some cameras say 0, 0, 0.
        foreach ((string name, byte start, byte end, byte bits) in (IEnumerable<(string, byte, byte, byte)>)[("zeros", 0, 0, 0), ("start-1", 1, 63, 0), ("end-64", 0, 64, 0), ("bits", 0, 63, 1)])
            cases["scan-" + name] = (() => [.. plain[..(scan + 11)], start, end, bits, .. plain[(scan + 14)..]], warned);
        foreach (byte version in (byte[])[0, 2, 9])
            cases[$"jfif-version-{version}"] = (() => JpegPicture.With(NoJfif(plain), JpegPicture.Segment(0xE0, [.. "JFIF\0"u8, version, 9, 0, 0, 1, 0, 1, 0, 0])), version == 2 ? warned : warned with { Warns = false });
        // The last rows are missing: 100 rows are 13 rows of blocks, and the last of them is lost.
        cases["early-end-last-row"] = (() => [.. plain[..^Math.Max(3, (plain.Length - scan) / 40)], 0xFF, 0xD9], warned);
        cases["early-end-half"] = (() => [.. plain[..(scan + 14 + (plain.Length - scan) / 2)], 0xFF, 0xD9], Rule.Damaged with { Says = ["end"] });
        cases["cut-half"] = (() => plain[..(scan + 14 + (plain.Length - scan) / 2)], Rule.Damaged);
        cases["cut-in-tables"] = (() => plain[..(scan - 40)], Rule.Damaged);
        return cases;
    }

    private static byte[] Junk(byte[] jpeg, byte marker, int count)
    {
        int at = JpegPicture.Find(jpeg, marker);
        return [.. jpeg[..at], .. Enumerable.Repeat((byte)0x20, count), .. jpeg[at..]];
    }

    private static byte[] NoJfif(byte[] jpeg) => jpeg[3] == 0xE0 ? [0xFF, 0xD8, .. jpeg.AsSpan(4 + ((jpeg[4] << 8) | jpeg[5]))] : jpeg;
}
