using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging.Tests.Decoding;

public sealed class RawRequestTests
{
    [Fact]
    public void File_DecodedByTheStage_IsOpenWhileTheDecoderRuns()
    {
        using Scratch scratch = new();
        string raw = scratch.File("a.dng");
        new SyntheticCamera(64, 48).TakePhoto(raw, 1, TestContext.Current.CancellationToken);
        Recording decoder = new();
        using Photo photo = Drive.Decode(raw, new DecodeOptions { RawDecoder = decoder });
        Assert.Equal(new FileInfo(raw).Length, decoder.SeenBytes);
        Assert.True(decoder.File!.IsClosed);
    }

    // The decoder reads through the handle alone: the path leads nowhere.
    [Theory]
    [InlineData(DngCompression.None)]
    [InlineData(DngCompression.LosslessJpeg)]
    public void File_Given_IsReadInsteadOfThePath(DngCompression compression)
    {
        using Scratch scratch = new();
        string raw = scratch.File("a.dng");
        new SyntheticCamera(320, 208) { Compression = compression }.TakePhoto(raw, 1, TestContext.Current.CancellationToken);
        DevelopingRawDecoder decoder = new(new LibRaw.LibRawDecoder());
        foreach (Demosaic demosaic in (Demosaic[])[Demosaic.Auto, Demosaic.Ppg])
        {
            using PixelBuffer expected = decoder.Decode(new RawRequest(raw, demosaic, 1_000_000, false), CancellationToken.None).Pixels;
            using SafeFileHandle file = System.IO.File.OpenHandle(raw);
            using PixelBuffer pixels = decoder.Decode(
                new RawRequest(scratch.File("gone.dng"), demosaic, 1_000_000, false) { File = file }, CancellationToken.None).Pixels;
            Assert.False(file.IsClosed);
            for (int y = 0; y < pixels.Height; y++)
                Assert.True(pixels.Row(y).SequenceEqual(expected.Row(y)));
        }
    }

    private sealed class Recording : IRawDecoder
    {
        private readonly DevelopingRawDecoder _inner = new();

        public string Name => "recording";

        public SafeFileHandle? File { get; private set; }

        public long SeenBytes { get; private set; }

        public RawPicture Decode(RawRequest request, CancellationToken cancellationToken)
        {
            File = request.File;
            SeenBytes = RandomAccess.GetLength(request.File!);
            return _inner.Decode(request, cancellationToken);
        }

        public long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic) => _inner.EstimatePeakBytes(header, demosaic);
    }
}
