using System.Buffers.Binary;
using NetVips;

namespace Pipeline.Imaging.Tests.Decoding;

public sealed class RefusedFilesTests
{
    [Fact]
    public void Decode_FilesThatAreNoPhotos_FailWithTheirReason()
    {
        using Scratch scratch = new();
        using Image image = Pictures.Solid(160, 120, 1, 2, 3);
        byte[] jpeg = image.JpegsaveBuffer();
        Refused(scratch.File("missing.jpg"), PhotoFailure.Unreadable);
        Refused(scratch.Folder, PhotoFailure.Unreadable);
        Refused(scratch.Write("empty.dng", []), PhotoFailure.Empty);
        Refused(scratch.Write("text.dng", "a text file named as RAW, longer than any header of it"u8), PhotoFailure.NotAPicture);
        Refused(scratch.Write("thumbnail.nef", image.TiffsaveBuffer()), PhotoFailure.NotWhatItsNameSays);
        Refused(scratch.Write("preview.cr2", jpeg), PhotoFailure.NotWhatItsNameSays);
        Refused(scratch.Write("big.jpg", jpeg), PhotoFailure.TooLarge, new DecodeOptions { MaxFileBytes = 100 });
        Refused(scratch.Write("wide.jpg", jpeg), PhotoFailure.TooLarge, new DecodeOptions { MaxPixels = (160 * 120) - 1 });
    }

    [Fact]
    public void Decode_HeaderBombs_AreRefusedByTheHeaderAlone()
    {
        using Scratch scratch = new();
        string png = scratch.Write("bomb.png", PngHeader(60000, 60000)), tiff = scratch.Write("bomb.tif", TiffHeader(60000, 60000));
        foreach (string path in (string[])[png, tiff])
        {
            PhotoException error = Refused(path, PhotoFailure.TooLarge);
            Assert.Contains("60000 x 60000", error.Message);
            Assert.True(new DecodePhoto().EstimateWeightBytes(path) <= 16 << 20);
        }
    }

    [Theory]
    [InlineData(90)]
    [InlineData(50)]
    [InlineData(20)]
    [InlineData(2)]
    public void Decode_CutOffFile_IsATypedError(int percent)
    {
        using Scratch scratch = new();
        using Image image = Pictures.Of(400, 300, (x, y) => ((byte)(x * 7), (byte)(y * 5), (byte)(x * y)));
        foreach (DngCompression compression in Enum.GetValues<DngCompression>())
        {
            using MemoryStream dng = new();
            new SyntheticCamera(640, 480) { Compression = compression }.WritePhoto(dng, 1, TestContext.Current.CancellationToken);
            Cut($"{compression}.dng", dng.ToArray());
        }

        Cut("a.jpg", image.JpegsaveBuffer(q: 95));
        Cut("a.png", image.PngsaveBuffer());
        Cut("a.webp", image.WebpsaveBuffer());
        Cut("a.tif", image.TiffsaveBuffer());

        void Cut(string name, byte[] whole)
        {
            string path = scratch.Write(name, whole.AsSpan(0, whole.Length * percent / 100));
            PhotoException error = Assert.Throws<PhotoException>(() => Drive.Decode(path));
            Assert.True(
                error.Reason is PhotoFailure.Damaged or PhotoFailure.NotAPicture or PhotoFailure.Unsupported,
                $"{name}: {error.Reason}: {error.Message}");
        }
    }

    [Fact]
    public void Decode_FlippedBitsInCompressedSensorData_AreNeverASilentlyBrokenPicture()
    {
        using Scratch scratch = new();
        using MemoryStream stream = new();
        new SyntheticCamera(640, 480) { Compression = DngCompression.LosslessJpeg }.WritePhoto(
            stream, 1, TestContext.Current.CancellationToken);
        byte[] whole = stream.ToArray();
        int refused = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] file = [.. whole];
            // 0xFF in the entropy-coded data is a marker, which no decoder can take for data.
            file[(int)(whole.Length * (0.5 + (i / 100.0)))] = 0xFF;
            string path = scratch.Write($"{i}.dng", file);
            try
            {
                Drive.Decode(path).Dispose();
            }
            catch (PhotoException e) when (e.Reason == PhotoFailure.Damaged)
            {
                refused++;
            }
        }

        Assert.True(refused >= 30, $"Only {refused} of 40 damaged files were refused.");
    }

    [Fact]
    public void Decode_DamagedPictureThatIsAccepted_GivesWhatIsThere()
    {
        using Scratch scratch = new();
        using Image image = Pictures.Of(400, 300, (x, y) => ((byte)(x * 7), (byte)(y * 5), (byte)(x * y)));
        byte[] whole = image.JpegsaveBuffer(q: 95);
        string path = scratch.Write("a.jpg", whole.AsSpan(0, whole.Length / 2));
        using Photo photo = Drive.Decode(path, new DecodeOptions { AcceptDamaged = true });
        Assert.Equal((400, 300), (photo.Width, photo.Height));
    }

    [Fact]
    public void Decode_SensorAboveTheLimit_IsRefused()
    {
        using Scratch scratch = new();
        string path = scratch.File("a.dng");
        new SyntheticCamera(640, 480).TakePhoto(path, 1, TestContext.Current.CancellationToken);
        Refused(path, PhotoFailure.TooLarge, new DecodeOptions { MaxPixels = 1000 });
    }

    [Fact]
    public void Constructor_ImpossibleOptions_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodePhoto(new DecodeOptions { MaxPixels = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodePhoto(new DecodeOptions { MaxFileBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodePhoto(new DecodeOptions { TargetWidths = [0] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodePhoto(new DecodeOptions { Demosaic = (Demosaic)99 }));
    }

    private static PhotoException Refused(string path, PhotoFailure reason, DecodeOptions? options = null)
    {
        PhotoException error = Assert.Throws<PhotoException>(() => Drive.Decode(path, options));
        Assert.Equal(reason, error.Reason);
        Assert.Equal(path, error.File);
        Assert.Contains(path, error.Message);
        Assert.True(new DecodePhoto(options).EstimateWeightBytes(path) > 0);
        return error;
    }

    private static byte[] PngHeader(uint width, uint height)
    {
        byte[] file = new byte[64];
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).CopyTo(file);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        file[24] = 8;
        file[25] = 2;
        return file;
    }

    private static byte[] TiffHeader(uint width, uint height)
    {
        using Image tiny = Pictures.Solid(8, 8, 0, 0, 0);
        byte[] file = tiny.TiffsaveBuffer();
        int directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        for (int i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(directory)); i++)
        {
            Span<byte> entry = file.AsSpan(directory + 2 + (12 * i), 12);
            ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            if (tag is 256 or 257)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 4);
                BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], tag == 256 ? width : height);
            }
        }

        return file;
    }
}
