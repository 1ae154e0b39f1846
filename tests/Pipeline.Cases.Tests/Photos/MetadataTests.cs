using System.Text;
using NetVips;

namespace Pipeline.Cases.Tests.Photos;

/// <summary>Outputs carry nothing of the source unless it was asked for; what is kept when asked for is true.</summary>
public sealed class MetadataTests
{
    private const string Secret = "SECRET-7F3A";
    private static readonly string[] s_inputs = ["jpeg", "webp", "png", "tiff", "dng"];
    private static readonly string[] s_outputs = ["jpeg", "webp", "png", "avif", "tiff"];

    public static TheoryData<string, string, string> Ways
    {
        get
        {
            TheoryData<string, string, string> ways = [];
            foreach (string input in s_inputs)
            {
                foreach (string output in s_outputs)
                    ways.Add(input, output, "");
                ways.Add(input, "jpeg", "--blur 1");
                ways.Add(input, "png", "--sharpen 1");
                ways.Add(input, "jpeg", "--executor processes");
                ways.Add(input, "webp", "--executor processes --blur 1");
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public Task Output_Default_HoldsNothingOfTheSource(string input, string output, string more) => Known.Run($"metadata/{input}-{output}{more.Replace(' ', '_')}", () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write(FileName(input), Photo(input)), target = scratch["out"];
        ToolResult result = Tool.Process(scratch, source, target, ["--sizes", "100", "--format", output, .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(result.ExitCode == 0, result.AllText);
        Assert.Empty(Leaks(File.ReadAllBytes(Directory.EnumerateFiles(target, "*_100.*").Single())));
    });

    [Theory]
    [InlineData("meta_gps_serial.jpg")]
    [InlineData("meta_gps_serial.webp")]
    public Task SharedPhoto_Default_LosesItsMetadata(string name) => Known.Run("photos/" + name, () =>
    {
        foreach (string more in (string[])["", "--blur 1", "--executor processes", "--format webp", "--format png", "--format tiff"])
        {
            using Scratch scratch = new();
            string source = scratch.Write(name, Shared.Bytes("photos", name)), target = scratch["out"];
            ToolResult result = Tool.Process(scratch, source, target, ["--sizes", "100", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.True(result.ExitCode == 0, result.AllText);
            byte[] output = File.ReadAllBytes(Directory.EnumerateFiles(target, "*_100.*").Single());
            Assert.True(Leaks(output).Count == 0 && output.AsSpan().IndexOf("12345678"u8) < 0, $"with '{more}': {string.Join(", ", Leaks(output))}");
        }
    });

    [Theory]
    [InlineData("jpeg", false)]
    [InlineData("jpeg", true)]
    [InlineData("webp", false)]
    [InlineData("png", false)]
    [InlineData("tiff", false)]
    public Task Library_Default_HoldsNothingOfTheSource(string input, bool filters) => Known.Run($"metadata/library-{input}-{(filters ? "filters" : "plain")}", () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write(FileName(input), Photo(input));
        Imaging.Photo photo = Stages.Run(new Imaging.ResizeTo(100), Stages.Run(new Imaging.DecodePhoto(), source));
        if (filters)
            photo = Stages.Run(new Imaging.FilterChain(new Imaging.GaussianBlur(1)), photo);
        using Imaging.Photo encoded = Stages.Run(new Imaging.Encode(new Imaging.JpegFormat()), photo);
        Assert.Empty(Leaks(encoded.Renditions[0].Encoded.ToArray()));
    });

    [Theory]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public Task Output_KeepMetadata_IsUprightAndTrue(string input) => Known.Run($"metadata/keep-{input}", () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write(FileName(input), Photo(input, orientation: 3)), target = scratch["out"];
        ToolResult result = Tool.Process(scratch, source, target, "--sizes", "100", "--keep-metadata");
        Assert.True(result.ExitCode == 0, result.AllText);
        using Image image = Image.NewFromFile(Directory.EnumerateFiles(target, "*_100.*").Single());
        string exif = string.Join('\n', image.GetFields().Where(static field => field.StartsWith("exif-", StringComparison.Ordinal)).Select(field => $"{field} = {image.Get(field)}"));
        Assert.Contains("Make", exif);
        Assert.True(!image.Contains("orientation") || (int)image.Get("orientation") == 1, $"orientation {(image.Contains("orientation") ? image.Get("orientation") : "none")}");
        // The thumbnail shows the picture before it was turned and changed, or nothing.
        Assert.DoesNotContain("exif-ifd1", exif);
        Assert.True(!exif.Contains("ColorSpace", StringComparison.Ordinal) || exif.Contains("ColorSpace = 1", StringComparison.Ordinal), exif);
        Assert.True(!exif.Contains("PixelXDimension", StringComparison.Ordinal) || exif.Contains("PixelXDimension = 100", StringComparison.Ordinal), exif);
    });

    [Fact]
    public Task SharedPhoto_UncalibratedKept_SaysSrgbOrNothing() => Known.Run("photos/meta_colorspace_uncalibrated.jpg", () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write("a.jpg", Shared.Bytes("photos", "meta_colorspace_uncalibrated.jpg")), target = scratch["out"], mark = scratch.Write("mark.png", Png.Quadrants(40, 40));
        ToolResult result = Tool.Process(scratch, source, target, "--sizes", "100", "--keep-metadata", "--watermark", mark);
        Assert.True(result.ExitCode == 0, result.AllText);
        using Image image = Image.NewFromFile(Directory.EnumerateFiles(target, "*_100.*").Single());
        string? space = image.GetFields().Where(static field => field.EndsWith("ColorSpace", StringComparison.Ordinal)).Select(field => image.Get(field).ToString()).FirstOrDefault();
        Assert.True(space is null || space.StartsWith('1'), $"ColorSpace is {space}");
    });

    private static string FileName(string format) => format switch { "jpeg" => "a.jpg", "tiff" => "a.tif", _ => "a." + format };

    private static void Private(TiffFolder folder)
    {
        folder.Set(271, TiffValue.Ascii(Secret + " make")).Set(272, TiffValue.Ascii("Cam")).Set(315, TiffValue.Ascii(Secret + " artist")).Set(270, TiffValue.Ascii(Secret + " description"));
        folder.Folders[34665] = [new TiffFolder().Set(37510, TiffValue.Undefined([.. "ASCII\0\0\0"u8, .. Encoding.ASCII.GetBytes(Secret)])).Set(42032, TiffValue.Ascii(Secret + " owner")).Set(42033, TiffValue.Ascii(Secret + " serial"))
            .Set(37500, TiffValue.Undefined(Encoding.ASCII.GetBytes(Secret + " maker note"))).Set(40961, TiffValue.Short(65535)).Set(40962, TiffValue.Long(160)).Set(40963, TiffValue.Long(100))];
        folder.Folders[34853] = [new TiffFolder().Set(1, TiffValue.Ascii("N")).Set(2, TiffValue.Rational(48, 8, 0)).Set(3, TiffValue.Ascii("E")).Set(4, TiffValue.Rational(11, 34, 0))];
        byte[] thumbnail = JpegPicture.With(JpegPicture.Encode(16, 10), JpegPicture.Segment(0xFE, Encoding.ASCII.GetBytes(Secret + " thumbnail")));
        folder.Next = new TiffFolder().Set(259, TiffValue.Short(6)).SetBlocks(513, 514, thumbnail);
    }

    private static byte[] Photo(string format, int orientation = 1)
    {
        byte[] xmp = Encoding.UTF8.GetBytes($"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><a>{Secret} xmp</a></x:xmpmeta>"), exif = JpegPicture.Exif(orientation, Private);
        switch (format)
        {
            case "jpeg":
                byte[] iptc = [.. "Photoshop 3.0\0"u8, .. "8BIM"u8, 4, 4, 0, 0, 0, 0, 0, 21, 0x1C, 2, 80, 0, 16, .. Encoding.ASCII.GetBytes((Secret + " by line").PadRight(16)[..16]), 0];
                return JpegPicture.With(
                    JpegPicture.Plain, JpegPicture.ExifSegment(exif), JpegPicture.Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. xmp]), JpegPicture.Segment(0xED, iptc), JpegPicture.Segment(0xFE, Encoding.ASCII.GetBytes(Secret + " comment")));
            case "png":
                return Png.Quadrants(
                    160, 100, Png.Chunk("eXIf", exif), Png.Chunk("tEXt", Encoding.ASCII.GetBytes($"Comment\0{Secret} text")), Png.Chunk("zTXt", [.. "Author\0\0"u8, .. Png.Deflate(Encoding.ASCII.GetBytes(Secret + " compressed"))]),
                    Png.Chunk("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. xmp]));
            case "webp":
                using (Image image = Image.PngloadBuffer(Photo("png")))
                    return Riff(image.WebpsaveBuffer(lossless: true, keep: Enums.ForeignKeep.None), exif, xmp);
            case "tiff":
                TiffFolder folder = new TiffPicture { Width = 160, Height = 100 }.Folder();
                Private(folder);
                folder.Next = null;
                return TiffFileMaker.Write(folder.Set(274, TiffValue.Short(orientation)).Set(700, TiffValue.Byte(xmp)).Set(33723, TiffValue.Undefined(Encoding.ASCII.GetBytes(Secret + " iptc"))).Set(37724, TiffValue.Undefined(Encoding.ASCII.GetBytes(Secret + " photoshop"))));
            default:
                return new Dng { Rows = Mosaic.OfQuadrants(160, 100, 0, 16383), White = 16383 }.Write(static f =>
                {
                    Private(f);
                    f.Next = null;
                    f.Set(50735, TiffValue.Ascii(Secret + " serial")).Set(50740, TiffValue.Byte(Encoding.ASCII.GetBytes(Secret + " private")));
                });
        }
    }

    private static byte[] Riff(byte[] plain, byte[] exif, byte[] xmp)
    {
        static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content) => [.. type, .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length & 1]];
        byte[] body = [.. Chunk("VP8X"u8, [0x0C, 0, 0, 0, 159, 0, 0, 99, 0, 0]), .. plain.AsSpan(12), .. Chunk("EXIF"u8, exif), .. Chunk("XMP "u8, xmp)];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(4 + body.Length), .. "WEBP"u8, .. body];
    }

    private static List<string> Leaks(byte[] output)
    {
        List<string> leaks = [];
        if (output.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Secret)) >= 0)
            leaks.Add("the secret text");
        using Image image = Image.NewFromBuffer(output);
        foreach (string field in image.GetFields().Where(static field => field is "exif-data" or "xmp-data" or "iptc-data" or "photoshop-data" or "jpeg-thumbnail-data" || field.StartsWith("png-comment", StringComparison.Ordinal)))
            leaks.Add(field);
        foreach (string field in image.GetFields().Where(static field => field.StartsWith("exif-", StringComparison.Ordinal) && field != "exif-data"))
        {
            if (image.Get(field).ToString() is { } value && (value.Contains(Secret, StringComparison.Ordinal) || field.Contains("GPS", StringComparison.Ordinal)))
                leaks.Add($"{field} = {value}");
        }

        return leaks;
    }
}
