using System.Text;

namespace Pipeline.Cases.Tests.Photos;

/// <summary>PNG and WebP: orientation in each place that writers use, color chunks, Apple's variant.</summary>
public sealed class PngAndWebpKindTests
{
    private static readonly SortedDictionary<string, (string Extension, Func<byte[]> Make, Rule Rule)> s_cases = new(MakeCases(), StringComparer.Ordinal);

    public static TheoryData<string> Names { get; } = [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task PngOrWebp_Processed_IsRightOrRefused(string name) => Known.Run("png/" + name, () => PhotoCase.Check(name + s_cases[name].Extension, s_cases[name].Make(), s_cases[name].Rule));

    private static Dictionary<string, (string, Func<byte[]>, Rule)> MakeCases()
    {
        Dictionary<string, (string, Func<byte[]>, Rule)> cases = [];
        Rule right = Rule.Picture, turned = Turned6() with { Sizes = ["100x160"] };
        void Chunks(string name, Rule rule, params byte[][] chunks) => cases[name] = (".png", () => Png.Quadrants(160, 100, chunks), rule);
        Chunks("plain", right);
        Chunks("exif-6", turned, Png.Chunk("eXIf", JpegPicture.Exif(6)));
        Chunks("exif-6-big-endian", turned, Png.Chunk("eXIf", JpegPicture.Exif(6, isBigEndian: true)));
        Chunks("exif-6-prefix", turned, Png.Chunk("eXIf", [.. "Exif\0\0"u8, .. JpegPicture.Exif(6)]));
        foreach (string type in (string[])["exif", "APP1"])
        {
            Chunks($"raw-profile-{type}", turned, Png.Chunk("zTXt", [.. Encoding.ASCII.GetBytes($"Raw profile type {type}\0\0"), .. Png.Deflate(RawProfile(type, [.. "Exif\0\0"u8, .. JpegPicture.Exif(6)]))]));
            Chunks($"raw-profile-{type}-text", turned, Png.Chunk("tEXt", [.. Encoding.ASCII.GetBytes($"Raw profile type {type}\0"), .. RawProfile(type, [.. "Exif\0\0"u8, .. JpegPicture.Exif(6)])]));
        }

        Chunks("exif-broken", right, Png.Chunk("eXIf", new byte[10]));
        // The numbers are those of Display P3 or of linear light, so other colors are right.
        Chunks("cicp-srgb", right, Png.Chunk("cICP", 1, 13, 0, 1));
        Chunks("cicp-p3", P3(), Png.Chunk("cICP", 12, 13, 0, 1));
        Chunks("chrm-p3", P3(), Png.Chunk("cHRM", Numbers(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)), Png.Chunk("gAMA", Numbers(45455)));
        Chunks("gama-linear", Rule.Picture with { Colors = [.. Mosaic.Quadrants.Select(static c => (Encode(c.R), Encode(c.G), Encode(c.B)))], Tolerance = 12 }, Png.Chunk("gAMA", Numbers(100000)));
        Chunks("gama-srgb", right, Png.Chunk("gAMA", Numbers(45455)));
        Chunks("srgb-wins-over-gama", right, Png.Chunk("sRGB", 0), Png.Chunk("gAMA", Numbers(100000)));
        cases["apple"] = (".png", static () => Png.Of(Png.Chunk("CgBI", 0x50, 0, 0x20, 2), Png.Header(160, 100, 8, 6), Png.Chunk("IDAT", new byte[100]), Png.Chunk("IEND")), Rule.Unsupported("CgBI") with { MayGivePicture = true });
        cases["no-header"] = (".png", static () => Png.Of(Png.Chunk("IDAT", Png.Deflate(new byte[100])), Png.Chunk("IEND")), Rule.Damaged);
        cases["data-short"] = (".png", static () => Png.Of(Png.Header(160, 100, 8, 2), Png.Chunk("IDAT", Png.Deflate(new byte[10000])), Png.Chunk("IEND")), Rule.Damaged);
        cases["no-end"] = (".png", static () => Png.Quadrants(160, 100)[..^12], right with { MayFail = true });
        cases["webp-exif-6"] = (".webp", static () => Webp(JpegPicture.Exif(6)), turned);
        cases["webp-exif-6-prefix"] = (".webp", static () => Webp([.. "Exif\0\0"u8, .. JpegPicture.Exif(6)]), turned);
        cases["webp-cut"] = (".webp", static () => Webp(JpegPicture.Exif(1))[..60], Rule.Damaged);
        return cases;
    }

    // Turned by 90 degrees to the right, what was below left comes to the top left.
    private static Rule Turned6() => Rule.Picture with { Colors = [Mosaic.Quadrants[2], Mosaic.Quadrants[0], Mosaic.Quadrants[3], Mosaic.Quadrants[1]] };

    private static Rule P3() => Rule.Picture with { Colors = [(218, 0, 27), (0, 204, 0), (35, 39, 208), (128, 128, 128)], Tolerance = 14 };

    private static byte Encode(byte value) => (byte)Math.Round(255 * (value / 255.0 <= 0.0031308 ? value / 255.0 * 12.92 : 1.055 * Math.Pow(value / 255.0, 1 / 2.4) - 0.055));

    private static byte[] Numbers(params uint[] values) => [.. values.SelectMany(Opcodes.Long)];

    // As ImageMagick writes it: a name, the length, and the bytes in hexadecimal, 36 in a line.
    private static byte[] RawProfile(string type, byte[] content) =>
        Encoding.ASCII.GetBytes($"\n{type.ToLowerInvariant()}\n{content.Length,8}\n" + string.Join('\n', Convert.ToHexStringLower(content).Chunk(72).Select(static part => new string(part))) + "\n");

    private static byte[] Webp(byte[] exif)
    {
        using NetVips.Image image = NetVips.Image.PngloadBuffer(Png.Quadrants(160, 100));
        byte[] plain = image.WebpsaveBuffer(lossless: true, keep: NetVips.Enums.ForeignKeep.None);
        byte[] coded = plain[12..];
        byte[] head = [.. "VP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, 159, 0, 0, 99, 0, 0];
        byte[] extra = [.. "EXIF"u8, .. BitConverter.GetBytes(exif.Length), .. exif, .. new byte[exif.Length & 1]];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(4 + head.Length + coded.Length + extra.Length), .. "WEBP"u8, .. head, .. coded, .. extra];
    }
}
