using Pipeline.Imaging.LibRaw;

namespace Pipeline.Imaging.Tests.Decoding;

public sealed class RawDecoderTests
{
    [Fact]
    public void Decode_OwnRawDecoder_IsAskedInsteadOfTheDefault()
    {
        using Scratch scratch = new();
        string path = scratch.File("a.dng");
        new SyntheticCamera(64, 48).TakePhoto(path, 1, TestContext.Current.CancellationToken);
        GrayDecoder decoder = new();
        using Photo photo = Drive.Decode(path, new DecodeOptions { RawDecoder = decoder, TargetWidths = [16] });
        Assert.Equal((path, Demosaic.Half), (decoder.Asked!.Path, decoder.Asked.Demosaic));
        Assert.Equal((7, 5), (photo.Width, photo.Height));
        Assert.Equal(((byte)128, (byte)128, (byte)128), Quality.Pixel(photo.Renditions[0].Image, 6, 4));
    }

    [Fact]
    public void TryLoad_LibraryThatIsNotLibRaw_IsRefusedWithTheReason()
    {
        Assert.Null(LibRawLibrary.TryLoad("no-such-library-anywhere", out string? missing));
        Assert.Contains("not found", missing);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Loads the C library of Linux.");
        Assert.Null(LibRawLibrary.TryLoad("libc.so.6", out string? foreign));
        Assert.Contains("libraw_", foreign);
    }

    [Fact]
    public void Name_WithTheShippedNative_IsThePinnedVersion()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows(), "The shipped native exports LibRaw on Linux and macOS.");
        Assert.Equal("LibRaw 0.22.3-Release", new LibRawDecoder().Name);
        Assert.NotNull(LibRawRuntime.Get(out _)!.Fields);
    }

    [Fact]
    public void Decode_CanceledToken_EndsWithCancellation()
    {
        using Scratch scratch = new();
        string path = scratch.File("a.dng");
        new SyntheticCamera(640, 480).TakePhoto(path, 1, TestContext.Current.CancellationToken);
        foreach (Demosaic demosaic in (Demosaic[])[Demosaic.Auto, Demosaic.Ppg])
            Assert.ThrowsAny<OperationCanceledException>(
                () => new LibRawDecoder().Decode(new RawRequest(path, demosaic, 1 << 30, false), new CancellationToken(canceled: true)));
    }

    private sealed class GrayDecoder : IRawDecoder
    {
        public RawRequest? Asked { get; private set; }

        public string Name => "gray";

        public RawPicture Decode(RawRequest request, CancellationToken cancellationToken)
        {
            Asked = request;
            PixelBuffer pixels = new(7, 5);
            for (int y = 0; y < pixels.Height; y++)
                pixels.Row(y).Fill(128);
            return new RawPicture(pixels, 7, 5, null);
        }

        public long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic) => 1;
    }
}
