using FsCheck.Xunit;

namespace Pipeline.Imaging.Tests.Probing;

public sealed class PhotoProbeTests
{
    [Fact]
    public void Read_EachFormat_TellsKindAndSize()
    {
        using Scratch scratch = new();
        using NetVips.Image image = Pictures.Solid(37, 23, 10, 200, 90);
        (string Name, byte[] Bytes, PhotoKind Kind)[] files =
        [
            ("a.txt", image.JpegsaveBuffer(), PhotoKind.Jpeg),
            ("b.jpg", image.PngsaveBuffer(), PhotoKind.Png),
            ("c.png", image.WebpsaveBuffer(), PhotoKind.Webp),
            ("d", image.WebpsaveBuffer(lossless: true), PhotoKind.Webp),
            ("e.webp", image.TiffsaveBuffer(), PhotoKind.Tiff),
            ("f.tif", image.TiffsaveBuffer(bigtiff: true), PhotoKind.Tiff),
        ];
        foreach ((string name, byte[] bytes, PhotoKind kind) in files)
        {
            PhotoHeader header = PhotoProbe.Read(scratch.Write(name, bytes));
            Assert.Equal(
                (kind, 37, 23, 1, bytes.LongLength), (header.Kind, header.Width, header.Height, header.Orientation, header.FileBytes));
        }
    }

    [Theory]
    [InlineData("nikon_d1.nef", 2012, 1324)]
    [InlineData("kodak_dc50.kdc", 756, 504)]
    [InlineData("canon_eos_6d.dng", 1224, 816)]
    [InlineData("tinydng_colorchart.dng", 1888, 1182)]
    [InlineData("unsupported/gopro_hero6.gpr", 4000, 3000)]
    public void Read_CameraFile_IsRawWithTheSensorsSize(string name, int width, int height)
    {
        PhotoHeader header = PhotoProbe.Read(SharedRaw.File(name));
        Assert.Equal((PhotoKind.Raw, width, height), (header.Kind, header.Width, header.Height));
    }

    [Theory]
    [InlineData("FUJIFILMCCD-RAW 0201FF383501")]
    [InlineData("II\u001a\0\0\0HEAPCCDR\u0002\0\u0001\0")]
    [InlineData("\0\0\0\u0018ftypcrx \0\0\0\u0001crx isom")]
    public void KindOf_RawContainerThatIsNoTiff_IsRaw(string start)
    {
        using Scratch scratch = new();
        Assert.Equal(PhotoKind.Raw, PhotoProbe.KindOf(scratch.Write("x", [.. start.Select(c => (byte)c), .. new byte[64]])));
    }

    [Fact]
    public void KindOf_NoPicture_IsNone()
    {
        using Scratch scratch = new();
        Assert.Equal(PhotoKind.None, PhotoProbe.KindOf(scratch.Write("a.dng", "This is a text file named as RAW."u8)));
        Assert.Equal(PhotoKind.None, PhotoProbe.KindOf(scratch.Write("b.raw", "This is a text file named as headerless RAW."u8)));
        Assert.Equal(PhotoKind.None, PhotoProbe.KindOf(scratch.Write("c.jpg", [])));
        Assert.Equal(PhotoKind.None, PhotoProbe.KindOf(scratch.File("missing.jpg")));
        Assert.Equal(PhotoKind.None, PhotoProbe.KindOf(scratch.Folder));
    }

    [Fact]
    public void KindOf_SignaturelessDataNamedRaw_IsLeftToTheDecoder()
    {
        using Scratch scratch = new();
        byte[] noise = new byte[4096];
        new Random(1).NextBytes(noise);
        noise[0] = 200;
        Assert.Equal(PhotoKind.Raw, PhotoProbe.KindOf(scratch.Write("a.raw", noise)));
        Assert.Equal(PhotoKind.None, PhotoProbe.KindOf(scratch.Write("a.bin", noise)));
    }

    [Fact]
    public void Read_MissingFile_SaysThatItDoesNotExist()
    {
        PhotoException error = Assert.Throws<PhotoException>(() => PhotoProbe.Read("/nowhere/a.dng"));
        Assert.Equal(PhotoFailure.Unreadable, error.Reason);
        Assert.Contains("does not exist", error.Message);
    }

    [Property(MaxTest = 200)]
    public bool Read_MutatedHeader_NeverThrows(int seed)
    {
        using Scratch scratch = new();
        byte[] file = s_smallDng.Value.ToArray();
        Random random = new(seed);
        for (int i = 0; i < 12; i++)
            file[random.Next(600)] = (byte)random.Next(256);
        string path = scratch.Write("a.dng", file.AsSpan(0, random.Next(1, file.Length)));
        PhotoHeader header = PhotoProbe.Read(path);
        long weight = new DecodePhoto().EstimateWeightBytes(path);
        return header.FileBytes > 0 && weight > 0;
    }

    private static readonly Lazy<byte[]> s_smallDng = new(() =>
    {
        using MemoryStream stream = new();
        new SyntheticCamera(64, 48).WritePhoto(stream, 1, CancellationToken.None);
        // Without most of its thumbnail, so that the file is quick to write.
        return stream.ToArray();
    });
}
