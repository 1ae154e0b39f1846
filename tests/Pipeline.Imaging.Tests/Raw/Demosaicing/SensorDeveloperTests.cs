namespace Pipeline.Imaging.Tests.Raw.Demosaicing;

public sealed class SensorDeveloperTests
{
    public static TheoryData<BayerPattern> Patterns => [BayerPattern.Rggb, BayerPattern.Bggr, BayerPattern.Grbg, BayerPattern.Gbrg];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Develop_WithAndWithoutVectors_MakesTheSameBytes(bool half)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            SensorImage image = Mosaics.Random(seed, (seed % 8) + 1);
            byte[] plain = Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = half, Vectors = false });
            byte[] vectors = Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = half, Vectors = true });
            Assert.True(
                plain.AsSpan().SequenceEqual(vectors),
                $"seed {seed}: {image.Width} x {image.Height}, {image.Pattern}, orientation {image.Orientation}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Develop_InBands_MakesTheSameBytes(bool half)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            SensorImage image = Mosaics.Random(seed, (seed % 8) + 1);
            byte[] one = Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = half });
            foreach (int bands in (int[])[2, 3, 7, 64])
            {
                byte[] many = Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = half, Bands = bands });
                Assert.True(
                    one.AsSpan().SequenceEqual(many),
                    $"seed {seed}, {bands} bands: {image.Width} x {image.Height}, orientation {image.Orientation}");
            }
        }
    }

    [Fact]
    public void Develop_IntoASliceOfABuffer_WritesNothingBeside()
    {
        for (int seed = 0; seed < 80; seed++)
        {
            SensorImage image = Mosaics.Random(seed, (seed % 8) + 1);
            byte[] guarded = new byte[(image.Width * image.Height * 3) + 64];
            guarded.AsSpan().Fill(0xA5);
            SensorDeveloper.Develop(image, guarded.AsSpan(32, guarded.Length - 64), null, TestContext.Current.CancellationToken);
            Assert.All(guarded[..32].Concat(guarded[^32..]), b => Assert.Equal(0xA5, b));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Develop_Orientation_PutsEveryPixelWhereExifSays(int orientation)
    {
        // Taller than a strip of the transposing writer, in both directions no multiple of it.
        SensorImage upright = Mosaics.Of(75, 71, BayerPattern.Rggb, (x, y) => (x / 75.0, y / 71.0, (x + y) % 7 / 7.0));
        SensorImage turned = Mosaics.Of(upright.Samples.ToArray(), 75, 71, BayerPattern.Rggb) with { Orientation = orientation };
        byte[] from = Mosaics.Develop(upright), to = Mosaics.Develop(turned);
        (int width, int height) = SensorDeveloper.SizeOf(turned, halfSize: false);
        Assert.Equal(orientation >= 5 ? (71, 75) : (75, 71), (width, height));
        for (int y = 0; y < 71; y++)
        {
            for (int x = 0; x < 75; x++)
            {
                (int tx, int ty) = orientation switch
                {
                    1 => (x, y),
                    2 => (74 - x, y),
                    3 => (74 - x, 70 - y),
                    4 => (x, 70 - y),
                    5 => (y, x),
                    6 => (70 - y, x),
                    7 => (70 - y, 74 - x),
                    _ => (y, 74 - x),
                };
                Assert.Equal(from.AsSpan(((y * 75) + x) * 3, 3), to.AsSpan(((ty * width) + tx) * 3, 3));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Develop_ConstantScene_StaysConstantUpToTheBorder(BayerPattern pattern)
    {
        foreach (double level in (double[])[0, 0.003, 0.18, 0.5, 0.97, 1])
        {
            SensorImage image = Mosaics.Of(37, 23, pattern, (_, _) => (level, level * 0.8, level * 0.6));
            foreach (bool half in (bool[])[false, true])
            {
                byte[] pixels = Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = half });
                for (int i = 0; i < pixels.Length; i++)
                {
                    Assert.Equal(pixels[i % 3], pixels[i]);
                    Assert.InRange(pixels[i] - Mosaics.Srgb(level * (1 - (0.2 * (i % 3)))), -1, 1);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Develop_ColorsOnTheirOwn_ArriveInTheRightChannel(BayerPattern pattern)
    {
        for (int color = 0; color < 3; color++)
        {
            int at = color;
            SensorImage image = Mosaics.Of(24, 18, pattern, (_, _) => (at == 0 ? 0.5 : 0, at == 1 ? 0.5 : 0, at == 2 ? 0.5 : 0));
            foreach (bool half in (bool[])[false, true])
            {
                byte[] pixels = Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = half });
                for (int i = 0; i < pixels.Length; i++)
                    Assert.InRange((int)pixels[i], i % 3 == color ? 186 : 0, i % 3 == color ? 190 : 2);
            }
        }
    }

    [Fact]
    public void Develop_ClippedHighlights_AreWhiteForAnyWhiteBalance()
    {
        SensorImage image = Mosaics.Of(32, 32, BayerPattern.Rggb, (_, _) => (1, 1, 1)) with { WhiteBalance = [2.1f, 1, 1.6f] };
        Assert.All(Mosaics.Develop(image), b => Assert.Equal(255, b));
        Assert.All(Mosaics.Develop(image, new SensorDevelopOptions { HalfSize = true }), b => Assert.Equal(255, b));
    }

    [Fact]
    public void Develop_WhiteBalance_MakesTheNeutralOfTheShotGray()
    {
        // The sensor sees gray as 0.2, 0.4, 0.25; the factors are the inverse, in any scale.
        SensorImage image = Mosaics.Of(32, 32, BayerPattern.Gbrg, (_, _) => (0.2, 0.4, 0.25)) with { WhiteBalance = [20, 10, 16] };
        byte expected = Mosaics.Srgb(0.4);
        Assert.All(Mosaics.Develop(image), b => Assert.InRange(b - expected, -1, 1));
    }

    [Fact]
    public void Develop_BlackLevelsPerSite_AreTakenOffEachSite()
    {
        ushort[] samples = new ushort[16 * 16];
        int[] blacks = [100, 300, 200, 400];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (ushort)blacks[(((i / 16) & 1) * 2) + (i & 1)];
        SensorImage image = Mosaics.Of(samples, 16, 16, BayerPattern.Rggb) with { BlackLevels = [100, 300, 200, 400] };
        Assert.All(Mosaics.Develop(image), b => Assert.Equal(0, b));
    }

    [Fact]
    public void Develop_TargetOfAnotherSize_IsRefusedWithBothSizes()
    {
        SensorImage image = Mosaics.Random(1);
        ArgumentException error = Assert.Throws<ArgumentException>(() => SensorDeveloper.Develop(image, new byte[5]));
        Assert.Contains("5 bytes", error.Message);
        Assert.Contains($"{image.Width * image.Height * 3}", error.Message);
    }

    [Fact]
    public void Develop_SamplesThatEndEarly_AreRefusedBeforeTheyAreRead()
    {
        SensorImage image = Mosaics.Of(new ushort[(16 * 16) - 1], 16, 16, BayerPattern.Rggb);
        Assert.Contains("255 samples", Assert.Throws<ArgumentException>(() => SensorDeveloper.Develop(image)).Message);
    }

    [Fact]
    public void Develop_CanceledToken_Stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => SensorDeveloper.Develop(Mosaics.Random(1), null, source.Token));
    }
}
