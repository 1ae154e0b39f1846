namespace Pipeline.Cases.Tests.Photos;

/// <summary>The rows of shared/cases/photos/expect.tsv.</summary>
public sealed class SharedPhotosTests
{
    // What the table of the folder's README asks of a failure beyond expect.tsv.
    private static readonly Dictionary<string, string[]> s_says = new(StringComparer.Ordinal)
    {
        ["tiff_tiled_zstd.tif"] = ["ZSTD", "Zstandard"],
        ["tiff_strip_zstd.tif"] = ["ZSTD", "Zstandard"],
        ["dng_jxl.dng"] = ["JPEG XL"],
        ["png_apple_cgbi.png"] = ["CgBI"],
        ["dng_baseline_plus1.dng"] = ["BaselineExposure"],
        ["dng_op2_gainmap.dng"] = ["OpcodeList2", "GainMap"],
        ["dng_op2_gainmap_linear.dng"] = ["OpcodeList2", "GainMap"],
        ["dng_defaultcrop.dng"] = ["DefaultCrop"],
        ["dng_float16_cfa.dng"] = ["float"],
        ["emsg_truncated.jpg"] = ["premature end"],
        ["tiff_rgb_alpha_plus_mask.tif"] = ["channel", "sample", "ExtraSamples", "band"],
        ["tiff_cielab8.tif"] = ["Lab"],
        ["tiff_tiled_planar.tif"] = ["planar", "plane"],
    };

    // All pixels are there, so the picture comes, with a warning.
    private static readonly string[] s_usable = ["jpeg_samsung_invalid_sos.jpg", "jpeg_no_eoi.jpg", "jpeg_jfif_version.jpg"];

    public static TheoryData<string> Rows { get; } = [.. Lines().Select(static parts => parts[0])];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public Task SharedPhoto_Processed_IsWhatItsRowSays(string name) => Known.Run("photos/" + name, () =>
    {
        string[] parts = Lines().Single(parts => parts[0] == name);
        Assert.SkipWhen(parts[4] == "info", "Not counted.");
        Rule rule = new()
        {
            MayGivePicture = parts[4] != "must",
            MayFail = parts[4] != "no" && !s_usable.Contains(name),
            Warns = s_usable.Contains(name),
            Says = s_says.GetValueOrDefault(name, []),
            SaysNot = [parts[5] == "-" ? "defect of the tool" : parts[5], .. parts[4] == "yes" ? ["Copy it again", "Copy the file again"] : Array.Empty<string>()],
            Sizes = parts[1] == "*" ? [] : parts[1].Split('|'),
            Tolerance = int.Parse(parts[3]),
            Colors = parts[2] is "Q" or "-" ? Mosaic.Quadrants : [.. parts[2].Split(';').Select(static color => color.Split(',')).Select(static c => (byte.Parse(c[0]), byte.Parse(c[1]), byte.Parse(c[2])))],
        };
        PhotoCase.Check(name, Shared.Bytes("photos", name), rule);
    });

    private static IEnumerable<string[]> Lines() => Shared.Cases is { } folder && File.Exists(Path.Combine(folder, "photos", "expect.tsv"))
        ? File.ReadLines(Path.Combine(folder, "photos", "expect.tsv")).Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('\t'))
        : [];
}
