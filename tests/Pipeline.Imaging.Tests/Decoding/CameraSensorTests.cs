using NetVips;
using Pipeline.Imaging.LibRaw;

namespace Pipeline.Imaging.Tests.Decoding;

public sealed class CameraSensorTests
{
    [Theory]
    [InlineData("nikon_d1.nef")]
    [InlineData("tinydng_colorchart.dng")]
    [InlineData("kodak_dc50.kdc")]
    public void Decode_CameraFile_IsAsGoodAsLibRaw(string name)
    {
        string path = SharedRaw.File(name);
        using Photo own = Drive.Decode(path), ahd = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Ahd });
        // The border is done in another way: mirrored here, bilinear there.
        using Image a = Quality.Inner(own.Renditions[0].Image, 8), b = Quality.Inner(ahd.Renditions[0].Image, 8);
        Assert.True(Quality.PsnrAt(a, b, 0.47) >= 40, $"{Quality.PsnrAt(a, b, 0.47):f1} dB against AHD at 47 % width.");
        Assert.True(Math.Abs(a.Avg() - b.Avg()) < 1, $"Mean {a.Avg():f2} instead of {b.Avg():f2}.");
    }

    [Theory]
    [InlineData("nikon_d1.nef")]
    [InlineData("tinydng_colorchart.dng")]
    public void Decode_CameraFileAtHalfSize_LooksLikeTheWholeScaledDown(string name)
    {
        string path = SharedRaw.File(name);
        using Photo half = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Half }), whole = Drive.Decode(path);
        Assert.Equal((whole.Width, whole.Height), (half.Width, half.Height));
        Assert.Equal((whole.Width / 2, whole.Height / 2), (half.Renditions[0].Width, half.Renditions[0].Height));
        using Image smaller = whole.Renditions[0].Image.Resize(0.23), small = half.Renditions[0].Image
            .Resize((double)smaller.Width / half.Renditions[0].Width, vscale: (double)smaller.Height / half.Renditions[0].Height);
        Assert.True(Quality.Psnr(small, smaller) >= 33, $"{Quality.Psnr(small, smaller):f1} dB");
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
    public void Decode_EachOrientation_IsTheSameThroughEveryDecoder(int orientation)
    {
        using Scratch scratch = new();
        string path = scratch.File("a.dng");
        new SyntheticCamera(320, 208) { Orientation = orientation }.TakePhoto(path, 2, TestContext.Current.CancellationToken);
        LibRawDecoder libRaw = new();
        using Photo direct = Drive.Decode(path, new DecodeOptions { RawDecoder = new DevelopingRawDecoder() });
        using Photo unpacked = Drive.Decode(path, new DecodeOptions { RawDecoder = libRaw });
        using Photo ahd = Drive.Decode(path, new DecodeOptions { RawDecoder = libRaw, Demosaic = Demosaic.Ahd });
        Assert.Equal(orientation >= 5 ? (208, 320) : (320, 208), (direct.Width, direct.Height));
        using Image a = Quality.Inner(direct.Renditions[0].Image, 8), b = Quality
            .Inner(unpacked.Renditions[0].Image, 8), c = Quality
            .Inner(ahd.Renditions[0].Image, 8);
        Assert.True(Quality.Psnr(a, b) > 55, $"{Quality.Psnr(a, b):f1} dB between the two ways to the sensor data.");
        Assert.True(Quality.PsnrAt(a, c, 0.47) > 40, $"{Quality.PsnrAt(a, c, 0.47):f1} dB against AHD.");
    }
}
