using NetVips;

namespace Pipeline.Imaging.Tests.Resizing;

public sealed class ResizeToTests
{
    [Fact]
    public void Resize_SeveralWidths_HaveExactSizesInTheOrderAsked()
    {
        using Photo photo = Drive.Run(new ResizeTo(200, 77, 200, 1), Photo(301, 199));
        Assert.Equal([(200, 132), (77, 51), (1, 1)], photo.Renditions.Select(r => (r.Width, r.Height)));
        Assert.Equal([200, 77, 1], photo.Renditions.Select(r => r.RequestedWidth));
    }

    [Fact]
    public void Resize_WiderThanTheSource_IsNotEnlargedUnlessAsked()
    {
        using Photo kept = Drive.Run(new ResizeTo(500), Photo(300, 200)), enlarged = Drive
            .Run(new ResizeTo(450) { Enlarge = true }, Photo(300, 200));
        Assert.Equal((500, 300, 200), (kept.Renditions[0].RequestedWidth, kept.Renditions[0].Width, kept.Renditions[0].Height));
        Assert.Equal((450, 300), (enlarged.Renditions[0].Width, enlarged.Renditions[0].Height));
    }

    [Fact]
    public void Resize_ConstantPicture_StaysConstant()
    {
        using Photo photo = Drive.Run(new ResizeTo(250, 99, 13), Photo(301, 211, (_, _) => ((byte)37, (byte)140, (byte)251)));
        foreach (Rendition rendition in photo.Renditions)
            Assert.Equal(new byte[] { 37, 140, 251 }, Quality.Bytes(rendition.Image).Distinct().Order().ToArray());
    }

    [Theory]
    [InlineData(151)]
    [InlineData(60)]
    public void Resize_Picture_IsTheLanczos3OfTheFormula(int width)
    {
        const int W = 303, H = 202;
        (byte, byte, byte) Color(int x, int y) =>
            ((byte)(128 + (100 * Math.Sin(x * 0.21) * Math.Cos(y * 0.17))), (byte)((x * 5) % 251), (byte)(x > y ? 220 : 30));
        using Photo photo = Drive.Run(new ResizeTo(width), Photo(W, H, Color));
        Rendition made = photo.Renditions[0];
        byte[] reference = Lanczos3(Color, W, H, made.Width, made.Height);
        using Image expected = Image.NewFromMemory(reference, made.Width, made.Height, 3, Enums.BandFormat.Uchar);
        int border = 3;
        using Image a = Quality.Inner(made.Image, border), b = Quality.Inner(expected, border);
        Assert.True(Quality.Psnr(a, b) >= 38, $"{Quality.Psnr(a, b):f1} dB");
    }

    [Fact]
    public void Constructor_ImpossibleWidths_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ResizeTo());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResizeTo(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResizeTo(100_001));
    }

    [Fact]
    public void EstimateWeightBytes_Photo_IsSourceAndResults()
    {
        ResizeTo stage = new(100, 50);
        using Photo photo = Photo(300, 200);
        Assert.Equal(300 * 200 * 3, photo.WeightBytes);
        Assert.Equal((300 * 200 * 3) + (100 * 67 * 3) + (50 * 33 * 3), stage.EstimateWeightBytes(photo));
        using Photo result = Drive.Run(stage, photo);
        Assert.Equal((100 * 67 * 3) + (50 * 33 * 3), result.WeightBytes);
        Assert.Equal(0, photo.WeightBytes);
    }

    private static Photo Photo(int width, int height, Func<int, int, (byte, byte, byte)>? color = null)
    {
        Image image = Pictures.Of(width, height, color ?? ((x, y) => ((byte)x, (byte)y, 9))).CopyMemory();
        return new Photo("a.jpg", "jpeg", width, height, PhotoMetadata.None, [new Rendition(width, image)]);
    }

    // Separable, support 3 x scale, normalized, pixel centers at i + 0.5.
    private static byte[] Lanczos3(Func<int, int, (byte R, byte G, byte B)> color, int width, int height, int outWidth, int outHeight)
    {
        double[] source = new double[width * height * 3];
        for (int i = 0; i < width * height; i++)
            (source[3 * i], source[(3 * i) + 1], source[(3 * i) + 2]) = color(i % width, i / width);
        double[] rows = Pass(
            source,
            width,
            height,
            outWidth,
            (along, across, band) => (((across * width) + along) * 3) + band,
            (along, across, band) => (((across * outWidth) + along) * 3) + band);
        double[] done = Pass(
            rows,
            height,
            outWidth,
            outHeight,
            (along, across, band) => (((along * outWidth) + across) * 3) + band,
            (along, across, band) => (((along * outWidth) + across) * 3) + band);
        return done.Select(v => (byte)Math.Clamp(Math.Round(v), 0, 255)).ToArray();

        static double[] Pass(double[] from, int length, int lines, int outLength, Func<int, int, int, int> at, Func<int, int, int, int> to)
        {
            double[] result = new double[outLength * lines * 3];
            double scale = Math.Max(1, (double)length / outLength);
            for (int o = 0; o < outLength; o++)
            {
                double center = (o + 0.5) * length / outLength;
                int first = (int)Math.Floor(center - (3 * scale)), last = (int)Math.Ceiling(center + (3 * scale));
                double[] weights = Enumerable.Range(first, last - first).Select(i => Kernel((i + 0.5 - center) / scale)).ToArray();
                double sum = weights.Sum();
                for (int line = 0; line < lines; line++)
                {
                    for (int band = 0; band < 3; band++)
                    {
                        double value = 0;
                        for (int k = 0; k < weights.Length; k++)
                            value += weights[k] * from[at(Math.Clamp(first + k, 0, length - 1), line, band)];
                        result[to(o, line, band)] = value / sum;
                    }
                }
            }

            return result;
        }

        static double Kernel(double x) => Math.Abs(x) >= 3
            ? 0
            : x == 0 ? 1
            : 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x);
    }
}
