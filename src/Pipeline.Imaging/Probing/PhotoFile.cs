using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;


namespace Pipeline.Imaging;

/// <summary>A photo file whose header has been read. All that decodes it reads through this one handle, so that a photo is opened once.</summary>
[DebuggerDisplay("{Path,nq} {Header}")]
internal sealed class PhotoFile : IDisposable
{
    private readonly bool _ownsHandle;

    private PhotoFile(SafeFileHandle handle, bool ownsHandle, string path)
    {
        Handle = handle;
        _ownsHandle = ownsHandle;
        Path = path;
        Source = ByteSource.Of(handle);
        Header = new PhotoHeader(PhotoKind.None, 0, 0, 1, Source.Length);
    }

    public string Path { get; }

    /// <summary>Gets the open file. Its position is never used: reads say where.</summary>
    public SafeFileHandle Handle { get; }

    public ByteSource Source { get; }
    public PhotoHeader Header { get; private set; }

    /// <summary>Gets the directories, for TIFF-based files.</summary>
    public TiffFile? Tiff { get; private set; }

    /// <summary>Gets what the camera wrote: the directories themselves, or those of the block inside a JPEG, PNG or WebP file.</summary>
    public TiffFile? Exif { get; private set; }

    /// <summary>Reads the header of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">The file when it is open, which the caller closes; null to open it.</param>
    /// <param name="options">How to open it.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PhotoFile Open(string path, SafeFileHandle? open, FileOptions options)
    {
        SafeFileHandle handle = open
            ?? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
        try
        {
            PhotoFile file = new(handle, ownsHandle: open is null, path);
            file.ReadHeader();
            return file;
        }
        catch when (open is null)
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_ownsHandle)
            Handle.Dispose();
    }

    private void ReadHeader()
    {
        Span<byte> head = stackalloc byte[32];
        head.Clear();
        int count = (int)Math.Min(head.Length, Source.Length);
        if (!Source.TryRead(0, head[..count]))
            return;
        if (head is [0xFF, 0xD8, 0xFF, ..])
            ReadJpeg();
        else if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            ReadPng(head);
        else if (head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            ReadWebp(head);
        else if (RawSignatures.IsOtherRaw(head))
            Header = Header with { Kind = PhotoKind.Raw };
        else if (TiffFile.TryRead(Source) is { } tiff)
            ReadTiff(tiff);
        else if (RawSignatures.MayBeHeaderless(Path, head[..count]))
            Header = Header with { Kind = PhotoKind.Raw };
    }

    private void ReadTiff(TiffFile tiff)
    {
        Tiff = Exif = tiff;
        bool raw = TiffLayout.IsRaw(tiff);
        TiffDirectory? picture = TiffLayout.MainPicture(tiff, raw);
        if (picture is null)
        {
            Header = Header with { Kind = raw ? PhotoKind.Raw : PhotoKind.Tiff };
            return;
        }

        Header = Header with
        {
            Kind = raw ? PhotoKind.Raw : PhotoKind.Tiff,
            Width = picture.Width,
            Height = picture.Height,
            IsBayer = raw && TiffLayout.IsBayer(picture),
            Orientation = OrientationOf(tiff.Directories[0]) is not 1 and var first ? first : OrientationOf(picture),
        };
        if (raw && DngSensor.TryRead(tiff, Header.Orientation) is { } sensor)
            Header = Header with { SensorWindowBytes = (long)DngRows.WindowRows(sensor) * sensor.Image.RowStride * sizeof(ushort) };
    }

    private void ReadJpeg()
    {
        Header = Header with { Kind = PhotoKind.Jpeg };
        Span<byte> segment = stackalloc byte[16];
        long at = 2;
        // Segment headers only: a JPEG with megabytes of metadata is still read in a few small pieces.
        for (int i = 0; i < 1000 && Source.TryRead(at, segment[..4]); i++)
        {
            if (segment[0] != 0xFF)
                return;
            byte marker = segment[1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && Source.TryRead(at + 4, segment[..5]))
            {
                Header = Header with
                {
                    Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
                    Width = BinaryPrimitives
                    .ReadUInt16BigEndian(segment[3..])
                };
                return;
            }

            if (marker is 0xDA or 0xD9)
                return;
            if (marker == 0xE1
                && Exif is null
                && length > 8
                && Source.TryRead(at + 4, segment[..6])
                && segment[..6].SequenceEqual("Exif\0\0"u8))
                TakeExif(at + 10);
            at += 2 + length;
        }
    }

    private void ReadPng(ReadOnlySpan<byte> head)
    {
        Header = Header with
        {
            Kind = PhotoKind.Png,
            Width = Positive(BinaryPrimitives.ReadUInt32BigEndian(head[16..])),
            Height = Positive(BinaryPrimitives.ReadUInt32BigEndian(head[20..])),
        };
        Span<byte> chunk = stackalloc byte[8];
        long at = 8;
        for (int i = 0; i < 1000 && Source.TryRead(at, chunk); i++)
        {
            if (chunk[4..].SequenceEqual("eXIf"u8))
                TakeExif(at + 8);
            if (chunk[4..].SequenceEqual("IDAT"u8))
                return;
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
    }

    private void ReadWebp(ReadOnlySpan<byte> head)
    {
        Header = Header with { Kind = PhotoKind.Webp };
        ReadOnlySpan<byte> form = head[12..16];
        if (form.SequenceEqual("VP8X"u8))
            Header = Header with
            {
                Width = 1 + (head[24] | (head[25] << 8) | (head[26] << 16)),
                Height = 1 + (head[27] | (head[28] << 8) | (head[29] << 16))
            };
        else if (form.SequenceEqual("VP8 "u8))
            Header = Header with
            {
                Width = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF,
                Height = BinaryPrimitives
                .ReadUInt16LittleEndian(head[28..]) & 0x3FFF
            };
        else if (form.SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            Header = Header with { Width = 1 + (int)(bits & 0x3FFF), Height = 1 + (int)((bits >> 14) & 0x3FFF) };
        }

        Span<byte> chunk = stackalloc byte[14];
        long at = 12;
        for (int i = 0; i < 1000 && Source.TryRead(at, chunk); i++)
        {
            if (chunk[..4].SequenceEqual("EXIF"u8))
            {
                TakeExif(at + (chunk[8..].SequenceEqual("Exif\0\0"u8) ? 14 : 8));
                return;
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += 8L + length + (length & 1);
        }
    }

    private void TakeExif(long offset)
    {
        Exif = TiffFile.TryRead(Source, offset);
        if (Exif is { Directories: [var first, ..] })
            Header = Header with { Orientation = OrientationOf(first) };
    }

    private static int OrientationOf(TiffDirectory directory) =>
        directory.Integer(TiffTag.Orientation) is >= 1 and <= 8 and var orientation ? (int)orientation : 1;

    private static int Positive(uint value) => (int)Math.Min(value, int.MaxValue);
}
