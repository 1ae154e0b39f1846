namespace Pipeline.Imaging.Tests;

public sealed class JobTests
{
    [Theory]
    [InlineData(DngCompression.None)]
    [InlineData(DngCompression.LosslessJpeg)]
    public void Stages_SyntheticRaw_StoreEverySize(DngCompression compression)
    {
        using Scratch scratch = new();
        string raw = scratch.File("a.dng");
        new SyntheticCamera(1200, 800) { Compression = compression, Orientation = 6 }.TakePhoto(
            raw, seed: 3, TestContext.Current.CancellationToken);
        string logo = scratch.Write("logo.png", Pictures.Png(Pictures.Solid(40, 20, 250, 20, 20)));

        Photo photo = Drive.Decode(raw);
        Assert.Equal((800, 1200), (photo.Width, photo.Height));
        photo = Drive.Run(new ResizeTo(400, 100, 2000), photo);
        photo = Drive.Run(new FilterChain(new GaussianBlur(0.8), new Sharpen(0.6)), photo);
        photo = Drive.Run(new Watermark(logo) { Opacity = 0.5 }, photo);
        photo = Drive.Run(new Encode(new JpegFormat(85)), photo);
        StoredPhoto stored = Drive.Run(new StoreIn(new FileStore(scratch.File("out"))), photo);

        Assert.Equal([(400, 600), (100, 150), (800, 1200)], stored.Outputs.Select(o => (o.Width, o.Height)));
        Assert.Equal(["a_100.jpg", "a_2000.jpg", "a_400.jpg"], Directory.GetFiles(scratch.File("out")).Select(Path.GetFileName).Order());
        foreach (StoredOutput output in stored.Outputs)
        {
            PhotoHeader header = PhotoProbe.Read(output.Path);
            Assert.Equal((PhotoKind.Jpeg, output.Width, output.Height), (header.Kind, header.Width, header.Height));
            Assert.Equal(output.Bytes, header.FileBytes);
        }
    }
}
