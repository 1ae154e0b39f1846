namespace Pipeline.Imaging.Tests.Decoding;

public sealed class RawFilesTests
{
    [Theory]
    [InlineData("nikon_d1.nef", 2012, 1324)]
    [InlineData("kodak_dc50.kdc", 768, 512)]
    [InlineData("canon_eos_6d.dng", 1224, 816)]
    [InlineData("tinydng_colorchart.dng", 1734, 1156)]
    public void Decode_CameraFile_GivesTheFullPictureNotTheThumbnail(string name, int width, int height)
    {
        using Photo photo = Drive.Decode(SharedRaw.File(name));
        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.Equal("raw", photo.Format);
        Assert.Equal((width, height), (photo.Renditions[0].Width, photo.Renditions[0].Height));
        double mean = photo.Renditions[0].Image.Avg();
        Assert.InRange(mean, 10, 245);
    }

    [Theory]
    [InlineData("malformed/bep_sample.arw", PhotoFailure.Damaged)]
    [InlineData("malformed/exiv2_IMG_1361.dng", PhotoFailure.Damaged)]
    [InlineData("malformed/nikon_issue247-1.nef", PhotoFailure.NotWhatItsNameSays)]
    [InlineData("malformed/nikon_issue247-2.nef", PhotoFailure.NotWhatItsNameSays)]
    [InlineData("unsupported/gopro_hero6.gpr", PhotoFailure.Unsupported)]
    public void Decode_MalformedFile_IsATypedErrorThatNamesTheFile(string name, PhotoFailure reason)
    {
        string path = SharedRaw.File(name);
        PhotoException error = Assert.Throws<PhotoException>(() => Drive.Decode(path));
        Assert.Equal(reason, error.Reason);
        Assert.Equal(path, error.File);
        Assert.Contains(path, error.Message);
    }
}
