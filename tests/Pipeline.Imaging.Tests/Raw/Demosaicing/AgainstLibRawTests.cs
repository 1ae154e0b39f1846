using NetVips;
using Pipeline.Imaging.LibRaw;

namespace Pipeline.Imaging.Tests.Raw.Demosaicing;

/// <summary>The own development beside LibRaw's: the same files, sharpness, colors, and which of them is nearer to the truth.</summary>
public sealed class AgainstLibRawTests
{
    private const int Size = 400;

    [Fact]
    public void Develop_SlantedEdge_IsAsSharpAsAhd()
    {
        byte[] own = Decode(
            (x, y) => Gray(SlantedEdge.At(x, y, Size)),
            Demosaic.Auto), ahd = Decode((x, y) => Gray(SlantedEdge.At(x, y, Size)), Demosaic.Ahd);
        double truth = SlantedEdge.Mtf50((x, y) => SlantedEdge.At(x, y, Size), Size);
        double ours = SlantedEdge.Mtf50((x, y) => Linear(own[(((y * Size) + x) * 3) + 1]), Size);
        double theirs = SlantedEdge.Mtf50((x, y) => Linear(ahd[(((y * Size) + x) * 3) + 1]), Size);
        Report($"MTF50 {ours:f4}, AHD {theirs:f4}, scene {truth:f4} cycles per pixel");
        Assert.InRange(ours / theirs, 0.95, 1.05);
    }

    [Fact]
    public void Develop_ScenesWithKnownColors_IsAsNearToThemAsPpgAndAhd()
    {
        foreach ((string name, Func<int, int, (double R, double G, double B)> scene) in Scenes())
        {
            double Psnr(Demosaic method) => Mosaics.Psnr(Decode(scene, method), Size, Size, scene);
            double own = Psnr(Demosaic.Auto), linear = Psnr(Demosaic.Linear), ppg = Psnr(Demosaic.Ppg), ahd = Psnr(Demosaic.Ahd);
            Report($"{name}: own {own:f2} dB, linear {linear:f2}, PPG {ppg:f2}, AHD {ahd:f2}");
            Assert.True(own > ppg - 1 && own > ahd - 0.5, $"{name}: own {own:f2} dB, PPG {ppg:f2} dB, AHD {ahd:f2} dB");
        }
    }

    [Fact]
    public void Develop_DngWhoseBrightestSampleIsBelowWhite_IsNotBrightenedByAnyDecoder()
    {
        // 0.85: LibRaw by itself would take the brightest sample for white from 0.75 on.
        foreach (Demosaic method in (Demosaic[])[Demosaic.Auto, Demosaic.Half, Demosaic.Ahd])
        {
            foreach (IRawDecoder decoder in (IRawDecoder[])[new DevelopingRawDecoder(new LibRawDecoder()), new LibRawDecoder()])
                Assert.All(Decode((_, _) => Gray(0.85), method, decoder), b => Assert.InRange(b - Mosaics.Srgb(0.85), -1, 1));
        }
    }

    [Theory]
    [InlineData("tinydng_colorchart.dng")]
    [InlineData("nikon_d1.nef")]
    public void Develop_CameraFile_HasTheColorsOfAhdEverywhere(string name)
    {
        string path = SharedRaw.File(name);
        using Photo own = Drive.Decode(path), ahd = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Ahd });
        // Means of 34 x 34 pixels are at most a patch of the chart.
        using Image a = own.Renditions[0].Image.Shrink(34, 34)
            .Colourspace(Enums.Interpretation.Lab), b = ahd.Renditions[0].Image
            .Shrink(34, 34)
            .Colourspace(Enums.Interpretation.Lab);
        using Image difference = a.DE00(b);
        Report($"{name}: delta-E 2000 mean {difference.Avg():f3}, largest {difference.Max():f3}");
        Assert.True(difference.Max() < 2, $"delta-E 2000 is {difference.Max():f2} somewhere");
    }

    private static IEnumerable<(string Name, Func<int, int, (double R, double G, double B)> Scene)> Scenes()
    {
        yield return ("gray zone plate", (x, y) =>
        {
            double dx = x - (Size / 2.0), dy = y - (Size / 2.0);
            return Gray(0.4 + (0.35 * Math.Cos(((dx * dx) + (dy * dy)) * Math.PI / (Size * 1.4))));
        }
        );
        yield return ("colored waves", (x, y) => (
            0.4 + (0.25 * Math.Sin(x * 0.35) * Math.Cos(y * 0.11)) + (0.1 * Math.Sin((x + y) * 0.8)),
            0.4 + (0.2 * Math.Sin(x * 0.35) * Math.Cos(y * 0.11)) + (0.1 * Math.Sin((x + y) * 0.8)),
            0.35 + (0.15 * Math.Sin(x * 0.35) * Math.Cos(y * 0.11)) + (0.1 * Math.Sin((x + y) * 0.8))));
        yield return ("fine slanted lines", (x, y) => Gray(0.4 + (0.3 * Math.Sin((x * 1.7) + (y * 0.3)))));
    }

    private static byte[] Decode(Func<int, int, (double R, double G, double B)> scene, Demosaic method) =>
        Decode(scene, method, method == Demosaic.Auto ? new DevelopingRawDecoder() : new LibRawDecoder());

    private static byte[] Decode(Func<int, int, (double R, double G, double B)> scene, Demosaic method, IRawDecoder decoder)
    {
        using Scratch scratch = new();
        string path = scratch.File("scene.dng");
        using (FileStream stream = File.Create(path))
        {
            // A camera whose colors are those of sRGB: the matrix from XYZ (D65) to linear sRGB, IEC 61966-2-1.
            DngSettings settings = new()
            {
                Width = Size,
                Height = Size,
                ColorMatrix = [3.2404542, -1.5371385, -0.4985314, -0.9692660, 1.8760108, 0.0415560, 0.0556434, -0.2040259, 1.0572252],
                AsShotNeutral = [1, 1, 1],
                BlackLevel = Mosaics.Black,
                WhiteLevel = Mosaics.White,
            };
            ushort[] samples = Mosaics.Of(Size, Size, BayerPattern.Rggb, scene).Samples.ToArray();
            DngWriter.Write(stream, settings, (y, row) => samples.AsSpan(y * Size, Size).CopyTo(row));
        }

        using PixelBuffer pixels =
            decoder.Decode(new RawRequest(path, method, 1 << 30, AcceptDamaged: false), TestContext.Current.CancellationToken).Pixels;
        byte[] all = new byte[pixels.Bytes];
        for (int y = 0; y < pixels.Height; y++)
            pixels.Row(y).CopyTo(all.AsSpan(y * pixels.Stride));
        return all;
    }

    private static (double R, double G, double B) Gray(double value) => (value, value, value);

    private static double Linear(byte value)
    {
        double encoded = value / 255.0;
        return encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4);
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
