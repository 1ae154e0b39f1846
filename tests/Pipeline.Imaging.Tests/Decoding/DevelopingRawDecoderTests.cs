using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Pipeline.Imaging.Tests.Decoding;

public sealed class DevelopingRawDecoderTests
{
    [Fact]
    public void Decode_BufferOfTheCaller_IsDevelopedIntoAndReturned()
    {
        using Scratch scratch = new();
        RawRequest request = Request(Write(scratch, s_settings));
        using PixelBuffer expected = new DevelopingRawDecoder().Decode(request, TestContext.Current.CancellationToken).Pixels;
        PixelBuffer? given = null;
        using PixelBuffer pixels = new DevelopingRawDecoder()
            .Decode(
                request with { Allocate = (width, height) => given = new PixelBuffer(width, height) },
                TestContext.Current.CancellationToken).Pixels;
        Assert.Same(given, pixels);
        for (int y = 0; y < pixels.Height; y++)
            Assert.True(expected.Row(y).SequenceEqual(pixels.Row(y)), $"row {y} differs");
    }

    private static readonly DngSettings s_settings = new()
    {
        Width = 1100,
        Height = 540,
        ColorMatrix = [0.7637, -0.2199, -0.0974, -0.9109, 1.7099, 0.2043, -0.2822, 0.3306, 0.8372],
        AsShotNeutral = [0.45, 1, 0.65],
    };

    [Theory]
    [InlineData(DngCompression.None, 1, Demosaic.Auto)]
    [InlineData(DngCompression.LosslessJpeg, 1, Demosaic.Auto)]
    [InlineData(DngCompression.None, 6, Demosaic.Auto)]
    [InlineData(DngCompression.LosslessJpeg, 7, Demosaic.Half)]
    public void Decode_HelpersThatComeAndGo_MakeTheSamePicture(DngCompression compression, int orientation, Demosaic demosaic)
    {
        using Scratch scratch = new();
        string path = Write(scratch, s_settings with { Height = 2500, Compression = compression, Orientation = orientation });
        byte[] alone = Decode(path, demosaic, out _);
        for (int seed = 0; seed < 4; seed++)
        {
            Random random = new(seed);
            int Spare()
            {
                lock (random)
                    return random.Next(4);
            }

            Assert.True(alone.AsSpan().SequenceEqual(Decode(path, demosaic, out _, Spare)), $"Seed {seed}.");
        }
    }

    [Fact]
    public void Decode_HelpersThatLeaveOnceTheOwnerHasNothingToDo_LeaveNoRowOut()
    {
        using Scratch scratch = new();
        string path = Write(scratch, s_settings with { Height = 2500 });
        byte[] alone = Decode(path, Demosaic.Auto, out _);
        Thread owner = Thread.CurrentThread;
        ConcurrentDictionary<int, int> turns = new(); // of each helper
        int invitations = 0, waiting = 0, gone = 0;
        bool ownerLooks = false;
        byte[] helped = Decode(path, Demosaic.Auto, out _, () => Thread.CurrentThread == owner ? OfOwner() : OfHelper());
        Assert.Equal(3, Volatile.Read(ref waiting));
        Assert.True(alone.AsSpan().SequenceEqual(helped));

        // Two helpers at first. When both have left, each with rows to do, one for what the second left behind. The owner goes on when they have rows.
        int OfOwner()
        {
            if (invitations < 2 || (invitations == 2 && Volatile.Read(ref gone) == 2))
                return ++invitations;
            Volatile.Write(ref ownerLooks, true);
            SpinWait.SpinUntil(() => Volatile.Read(ref waiting) >= invitations, TimeSpan.FromSeconds(10));
            Volatile.Write(ref ownerLooks, false);
            return 0;
        }

        // A helper takes rows, does some, and leaves when the owner waits for it.
        int OfHelper()
        {
            switch (turns.AddOrUpdate(Task.CurrentId!.Value, 1, (_, turn) => turn + 1))
            {
                case 1:
                    return 3;
                case 2:
                    Interlocked.Increment(ref waiting);
                    SpinWait.SpinUntil(() => Volatile.Read(ref waiting) >= 2
                        && !Volatile.Read(ref ownerLooks)
                        && owner.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(10));
                    return 0;
                default:
                    Interlocked.Increment(ref gone);
                    return 0;
            }
        }
    }

    [Fact]
    public void Decode_DamageThatAHelperMeets_IsATypedError()
    {
        using Scratch scratch = new();
        byte[] file = File.ReadAllBytes(Write(scratch, s_settings with { Height = 2500, Compression = DngCompression.LosslessJpeg }));
        file.AsSpan(file.Length - 6000, 3000).Fill(0xFF);
        string path = scratch.Write("damaged.dng", file);
        for (int i = 0; i < 10; i++)
        {
            PhotoException error = Assert.Throws<PhotoException>(() =>
                new DevelopingRawDecoder().Decode(Request(path) with { SpareWorkers = () => 3 }, TestContext.Current.CancellationToken));
            Assert.Equal(PhotoFailure.Damaged, error.Reason);
        }
    }

    [Theory]
    [InlineData(DngCompression.None, 642)]
    [InlineData(DngCompression.LosslessJpeg, 514)]
    public void Decode_FewRowsInTheLastPiece_AreMirroredAtTheBorder(DngCompression compression, int height)
    {
        using Scratch scratch = new();
        string path = Write(scratch, s_settings with { Height = height, Compression = compression });
        byte[] streamed = Decode(path, Demosaic.Auto, out _);
        // Cut to a height at which the same rows come in other pieces, the rows far from the new border are the same.
        string shorter = Write(scratch, s_settings with { Height = height - 60, Compression = compression });
        byte[] part = Decode(shorter, Demosaic.Auto, out _);
        int same = 3 * s_settings.Width * (height - 60 - 8);
        Assert.True(streamed.AsSpan(0, same).SequenceEqual(part.AsSpan(0, same)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Decode_StripsOfAFewRows_AreTheSamePictureAsOneStrip(int rowsPerStrip)
    {
        using Scratch scratch = new();
        string one = Write(scratch, s_settings), many = scratch.Write("strips.dng", CutIntoStrips(File.ReadAllBytes(one), rowsPerStrip));
        Assert.True(Decode(one, Demosaic.Auto, out _).AsSpan().SequenceEqual(Decode(many, Demosaic.Auto, out _)));
        Assert.True(Decode(one, Demosaic.Half, out _).AsSpan().SequenceEqual(Decode(many, Demosaic.Half, out _, () => 2)));
    }

    [Theory]
    [InlineData(Demosaic.Auto)]
    [InlineData(Demosaic.Half)]
    public void Decode_CompressedAndUncompressed_AreTheSamePicture(Demosaic demosaic)
    {
        using Scratch scratch = new();
        byte[] plain = Decode(Write(scratch, s_settings), demosaic, out (int, int) size);
        byte[] compressed = Decode(Write(scratch, s_settings with { Compression = DngCompression.LosslessJpeg }), demosaic, out _);
        Assert.Equal(demosaic == Demosaic.Half ? (550, 270) : (1100, 540), size);
        Assert.True(plain.AsSpan().SequenceEqual(compressed));
    }

    [Fact]
    public void Decode_Orientation_TurnsThePicture()
    {
        using Scratch scratch = new();
        RawPicture picture = new DevelopingRawDecoder().Decode(
            Request(Write(scratch, s_settings with { Orientation = 6 })), TestContext.Current.CancellationToken);
        using (picture.Pixels)
            Assert.Equal((540, 1100, 540, 1100), (picture.Pixels.Width, picture.Pixels.Height, picture.FullWidth, picture.FullHeight));
    }

    [Fact]
    public void Decode_FileWithATagThatChangesTheSamples_GoesToTheOtherDecoder()
    {
        using Scratch scratch = new();
        string path = Write(scratch, s_settings);
        byte[] file = File.ReadAllBytes(path);
        foreach (ushort tag in (ushort[])[50712, 50715, 51009])
        {
            // The tag CFALayout, which may be left out, becomes the other one.
            byte[] changed = [.. file];
            ReplaceTag(changed, 50711, tag);
            RefusingDecoder other = new();
            Assert.Throws<NotSupportedException>(() => new DevelopingRawDecoder(other).Decode(Request(scratch.Write($"{tag}.dng", changed)),
                TestContext.Current.CancellationToken));
            Assert.Equal(1, other.Calls);
        }
    }

    [Fact]
    public void Decode_NamedMethod_GoesToTheOtherDecoder()
    {
        using Scratch scratch = new();
        string path = Write(scratch, s_settings);
        RefusingDecoder other = new();
        Assert.Throws<NotSupportedException>(() =>
            new DevelopingRawDecoder(other).Decode(Request(path) with { Demosaic = Demosaic.Ahd }, TestContext.Current.CancellationToken));
        Assert.Throws<NotSupportedException>(() =>
            new DevelopingRawDecoder(other).Decode(Request(path) with { AcceptDamaged = true }, TestContext.Current.CancellationToken));
        Assert.Equal(2, other.Calls);
    }

    [Fact]
    public void Decode_OtherRawWithoutAnotherDecoder_SaysWhichPackageIsMissing()
    {
        using Scratch scratch = new();
        PhotoException error = Assert.Throws<PhotoException>(() => new DevelopingRawDecoder().Decode(
            Request(Write(scratch, s_settings)) with { Demosaic = Demosaic.Ahd }, TestContext.Current.CancellationToken));
        Assert.Equal(PhotoFailure.NoRawDecoder, error.Reason);
        Assert.Contains("Pipeline.Imaging.LibRaw", error.Message);
    }

    [Fact]
    public void Decode_TooManyPixels_IsRefusedBeforeAnythingIsRead()
    {
        using Scratch scratch = new();
        PhotoException error = Assert.Throws<PhotoException>(() => new DevelopingRawDecoder().Decode(
            Request(Write(scratch, s_settings)) with { MaxPixels = 1000 }, TestContext.Current.CancellationToken));
        Assert.Equal(PhotoFailure.TooLarge, error.Reason);
    }

    [Theory]
    [InlineData(DngCompression.None)]
    [InlineData(DngCompression.LosslessJpeg)]
    public void Decode_CutOffFile_IsATypedError(DngCompression compression)
    {
        using Scratch scratch = new();
        byte[] file = File.ReadAllBytes(Write(scratch, s_settings with { Compression = compression }));
        foreach (double part in (double[])[0.99, 0.9, 0.5, 0.3])
        {
            string path = scratch.Write("cut.dng", file.AsSpan(0, (int)(file.Length * part)));
            PhotoException error = Assert.Throws<PhotoException>(
                () => new DevelopingRawDecoder().Decode(Request(path), TestContext.Current.CancellationToken));
            Assert.Contains(error.Reason, (PhotoFailure[])[PhotoFailure.Damaged, PhotoFailure.NoRawDecoder]);
        }
    }

    [Fact]
    public void Decode_DataOverwritten_IsATypedErrorThatNamesTheBlock()
    {
        using Scratch scratch = new();
        byte[] file = File.ReadAllBytes(Write(scratch, s_settings with { Compression = DngCompression.LosslessJpeg }));
        Random random = new(5);
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. file];
            // Behind the directories and the thumbnail, so inside a tile; zeros, ones and noise.
            int at = random.Next(file.Length / 2, file.Length - 5000), length = random.Next(200, 4000);
            for (int k = 0; k < length; k++)
                damaged[at + k] = (i % 3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            PhotoException error = Assert.Throws<PhotoException>(() =>
                new DevelopingRawDecoder().Decode(Request(scratch.Write("damaged.dng", damaged)), TestContext.Current.CancellationToken));
            Assert.Equal(PhotoFailure.Damaged, error.Reason);
            Assert.Contains("block ", error.Message);
        }
    }

    [Fact]
    public void Decode_FlippedBits_NeverThrowsAnythingButATypedError()
    {
        using Scratch scratch = new();
        DngSettings small = s_settings with { Width = 160, Height = 96, Compression = DngCompression.LosslessJpeg };
        byte[] file = File.ReadAllBytes(Write(scratch, small));
        Random random = new(17);
        int found = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. file];
            // One in four in the header, which may turn the file into one for another decoder.
            int at = i % 4 == 0 ? random.Next(8, 1200) : random.Next(file.Length - 6000, file.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            try
            {
                new DevelopingRawDecoder().Decode(
                    Request(scratch.Write("flipped.dng", damaged)), TestContext.Current.CancellationToken).Pixels.Dispose();
            }
            catch (PhotoException)
            {
                found++;
            }
        }

        Assert.InRange(found, 100, 400);
    }

    private static byte[] Decode(string path, Demosaic demosaic, out (int Width, int Height) size, Func<int>? spareWorkers = null)
    {
        Poison();
        RawPicture picture = new DevelopingRawDecoder().Decode(
            Request(path) with { Demosaic = demosaic, SpareWorkers = spareWorkers }, TestContext.Current.CancellationToken);
        using (picture.Pixels)
        {
            size = (picture.Pixels.Width, picture.Pixels.Height);
            byte[] all = new byte[picture.Pixels.Bytes];
            for (int y = 0; y < size.Height; y++)
                picture.Pixels.Row(y).CopyTo(all.AsSpan(y * picture.Pixels.Stride));
            return all;
        }
    }

    // Memory is used again, and rows that no thread writes would still hold those of the last picture of this size.
    private static void Poison()
    {
        using PixelBuffer buffer = new(1100, 2500);
        for (int y = 0; y < buffer.Height; y++)
            buffer.Row(y).Fill(0xA5);
    }

    private static RawRequest Request(string path) => new(path, Demosaic.Auto, 100_000_000, AcceptDamaged: false);

    private static string Write(Scratch scratch, DngSettings settings)
    {
        string path = scratch.File($"{Guid.NewGuid():n}.dng");
        using FileStream stream = File.Create(path);
        DngWriter.Write(stream, settings, (y, row) =>
        {
            Random random = new(y);
            for (int x = 0; x < row.Length; x++)
                row[x] = (ushort)Math.Clamp(512 + (7000 * (1 + Math.Sin(x * 0.01) * Math.Cos(y * 0.013))) + random.Next(-60, 60), 0, 16383);
        });
        return path;
    }

    // The entries StripOffsets (273), RowsPerStrip (278) and StripByteCounts (279) get arrays behind the end of the file.
    private static byte[] CutIntoStrips(byte[] file, int rowsPerStrip)
    {
        int rows = Entry(278, (uint)s_settings.Height), offsets = rows, counts = rows + 12;
        while (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offsets)) != 273)
            offsets -= 12;
        Assert.Equal(279, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(counts)));
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offsets + 8)), rowBytes = (uint)s_settings.Width * 2;
        int strips = (s_settings.Height + rowsPerStrip - 1) / rowsPerStrip, end = (file.Length + 3) & ~3;
        byte[] cut = new byte[end + (8 * strips)];
        file.CopyTo(cut, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(rows + 8), (uint)rowsPerStrip);
        BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(offsets + 4), (uint)strips);
        BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(offsets + 8), (uint)end);
        BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(counts + 4), (uint)strips);
        BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(counts + 8), (uint)(end + (4 * strips)));
        for (int i = 0; i < strips; i++)
        {
            int first = i * rowsPerStrip;
            BinaryPrimitives.WriteUInt32LittleEndian(cut.AsSpan(end + (4 * i)), start + ((uint)first * rowBytes));
            BinaryPrimitives.WriteUInt32LittleEndian(
                cut.AsSpan(end + (4 * (strips + i))), (uint)Math.Min(rowsPerStrip, s_settings.Height - first) * rowBytes);
        }

        return cut;

        int Entry(ushort tag, uint value)
        {
            for (int i = 8; i + 12 < 8192; i++)
            {
                if (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(i)) == tag
                    && BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(i + 2)) == 0x00010004
                    && BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(i + 8)) == value)
                    return i;
            }

            Assert.Fail($"tag {tag} with {value} is not in the file");
            return 0;
        }
    }

    private static void ReplaceTag(Span<byte> file, ushort from, ushort to)
    {
        for (int i = 8; i + 12 < 4096; i++)
        {
            // Tag, type SHORT, one value.
            if (BinaryPrimitives.ReadUInt16LittleEndian(file[i..]) == from
                && BinaryPrimitives.ReadUInt32LittleEndian(file[(i + 2)..]) == 0x00010003)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file[i..], to);
                return;
            }
        }

        Assert.Fail($"tag {from} is not in the file");
    }

    private sealed class RefusingDecoder : IRawDecoder
    {
        public int Calls { get; private set; }

        public string Name => "refusing";

        public RawPicture Decode(RawRequest request, CancellationToken cancellationToken)
        {
            Calls++;
            throw new NotSupportedException();
        }

        public long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic) => 1;
    }
}
