using NetVips;

namespace Pipeline.Imaging.Tests.Filters;

public sealed class FilterChainTests
{
    [Theory]
    [InlineData(0.8)]
    [InlineData(2.0)]
    public void GaussianBlur_Picture_IsTheGaussianOfTheFormula(double sigma)
    {
        byte[] expected = Gaussian(Plane(), sigma).Select(v => (byte)Math.Clamp(Math.Round(v), 0, 255)).ToArray();
        Compare(Filtered(new GaussianBlur(sigma)), expected, worst: 1, mean: 0.05);
    }

    [Fact]
    public void Sharpen_Picture_IsTheUnsharpMaskOfTheFormula()
    {
        double[] plane = Plane(), blurred = Gaussian(plane, 1);
        byte[] expected = plane.Zip(blurred, (x, g) => (byte)Math.Clamp(Math.Round(x + (0.6 * (x - g))), 0, 255)).ToArray();
        Compare(Filtered(new Sharpen(0.6)), expected, worst: 1, mean: 0.05);
    }

    [Fact]
    public void GaussianBlur_Twice_IsOneBlurOfTheCombinedSigma()
    {
        byte[] twice = Filtered(new GaussianBlur(1.5), new GaussianBlur(2)), once = Filtered(new GaussianBlur(2.5));
        Compare(twice, once, worst: 1, mean: 0.3);
    }

    [Fact]
    public void Filters_ConstantPicture_LeaveItConstant()
    {
        using Photo photo = Drive.Run(new FilterChain(new GaussianBlur(3), new Sharpen(2)), Photo(Pictures.Solid(50, 40, 90, 90, 90)));
        Assert.Equal([(byte)90], Quality.Bytes(photo.Renditions[0].Image).Distinct());
    }

    [Fact]
    public void PixelFilter_Method_SeesEveryPixelOfEverySize()
    {
        PixelFilter invert = PixelFilter.From((pixels, width, height, stride) =>
        {
            Assert.Equal(height * stride, pixels.Length);
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)(255 - pixels[i]);
        });
        Photo source = Drive.Run(new ResizeTo(40, 20), Photo(Pictures.Solid(80, 60, 10, 100, 255)));
        using Photo photo = Drive.Run(new FilterChain(invert), source);
        foreach (Rendition rendition in photo.Renditions)
            Assert.Equal(((byte)245, (byte)155, (byte)0), Quality.Pixel(rendition.Image, rendition.Width - 1, rendition.Height - 1));
    }

    [Fact]
    public void PixelFilter_ThatThrows_LeavesTheInputWholeForAnotherAttempt()
    {
        using Photo photo = Photo(Pictures.Solid(30, 20, 7, 8, 9));
        PixelFilter broken = PixelFilter.From((pixels, _, _, _) =>
        {
            pixels.Clear();
            throw new InvalidOperationException("out of order");
        });
        Assert.Throws<InvalidOperationException>(() => Drive.Run(new FilterChain(new GaussianBlur(1), broken), photo));
        Assert.Equal(((byte)7, (byte)8, (byte)9), Quality.Pixel(photo.Renditions[0].Image, 3, 3));
    }

    [Fact]
    public void Filter_ThatChangesTheSize_IsNamedInTheError()
    {
        using Photo photo = Photo(Pictures.Solid(30, 20, 7, 8, 9));
        PhotoException error = Assert.Throws<PhotoException>(() => Drive.Run(new FilterChain(new Shrinking()), photo));
        Assert.Equal(PhotoFailure.ProcessingFailed, error.Reason);
        Assert.Contains(nameof(Shrinking), error.Message);
    }

    [Fact]
    public void Constructors_ValuesOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianBlur(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianBlur(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sharpen(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sharpen(1, 0));
    }

    private const int W = 90, H = 70;

    private static double[] Plane() => Enumerable.Range(0, W * H)
        .Select(i => Math.Round(128 + (90 * Math.Sin(i % W * 0.3) * Math.Sin(i / W * 0.23)) + (i % W > 45 ? 30 : 0)))
        .ToArray();

    private static byte[] Filtered(params IPhotoFilter[] filters)
    {
        double[] plane = Plane();
        using Photo photo = Drive.Run(
            new FilterChain(filters), Photo(Pictures.Of(W, H, (x, y) => ((byte)plane[(y * W) + x], (byte)plane[(y * W) + x], 0))));
        return Quality.Bytes(photo.Renditions[0].Image).Where((_, i) => i % 3 == 0).ToArray();
    }

    private static void Compare(byte[] actual, byte[] expected, int worst, double mean)
    {
        List<int> differences = new();
        for (int y = 10; y < H - 10; y++)
        {
            for (int x = 10; x < W - 10; x++)
                differences.Add(Math.Abs(actual[(y * W) + x] - expected[(y * W) + x]));
        }

        Assert.True(
            differences.Max() <= worst && differences.Average() <= mean, $"Largest {differences.Max()}, mean {differences.Average():f3}.");
    }

    private static double[] Gaussian(double[] plane, double sigma)
    {
        int reach = (int)Math.Ceiling(5 * sigma);
        double[] kernel = Enumerable.Range(-reach, (2 * reach) + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma))).ToArray();
        double sum = kernel.Sum();
        return Pass(Pass(plane, 1, 0), 0, 1);

        double[] Pass(double[] from, int dx, int dy) => Enumerable.Range(0, W * H).Select(i =>
        {
            double value = 0;
            for (int k = -reach; k <= reach; k++)
                value += kernel[k + reach] * from[(Math.Clamp((i / W) + (k * dy), 0, H - 1) * W) + Math.Clamp((i % W) + (k * dx), 0,
                    W - 1)];
            return value / sum;
        }).ToArray();
    }

    private static Photo Photo(Image image) =>
        new("a.jpg", "jpeg", image.Width, image.Height, PhotoMetadata.None, [new Rendition(image.Width, image.CopyMemory())]);

    private sealed class Shrinking : IPhotoFilter
    {
        public Image Apply(Image image) => image.Crop(0, 0, 5, 5);
    }
}
