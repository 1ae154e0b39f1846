using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging.LibRaw;

/// <summary>Decodes one file. Used by one thread; frees what LibRaw holds as early as each step allows.</summary>
internal sealed unsafe class LibRawSession : IDisposable
{
    private readonly LibRawLibrary _library;
    private readonly LibRawFields _fields;
    private readonly RawRequest _request;
    private readonly CancellationToken _cancellationToken;
    private readonly Callbacks* _callbacks;
    private GCHandle _self;
    private nint _handle;
    private void* _file;

    public LibRawSession(LibRawRuntime runtime, RawRequest request, CancellationToken cancellationToken)
    {
        _library = runtime.Library;
        _fields = runtime.Fields;
        _request = request;
        _cancellationToken = cancellationToken;
        _self = GCHandle.Alloc(this);
        _callbacks = (Callbacks*)NativeMemory.AllocZeroed((nuint)sizeof(Callbacks));
        _callbacks->Session = GCHandle.ToIntPtr(_self);
        _handle = _library.Init(0);
        if (_handle == 0)
            throw new PhotoException(
                request.Path,
                PhotoFailure.Unreadable,
                $"LibRaw could not allocate its working data for '{request.Path}'. Process fewer photos at the same time.");
    }

    public RawPicture Decode()
    {
        Configure();
        Open();
        Unpack();
        // LibRaw takes over where a method was asked for by name and where the sensor is anything but plain.
        if (_request.Demosaic is Demosaic.Auto or Demosaic.Half && SensorReader.TryRead(_library, _handle) is { } sensor)
        {
            PixelBuffer pixels = SensorDeveloper.Develop(
                sensor, new SensorDevelopOptions { HalfSize = _request.Demosaic == Demosaic.Half }, _cancellationToken);
            (int width, int height) = SensorDeveloper.SizeOf(sensor, halfSize: false);
            return new RawPicture(pixels, width, height, Metadata());
        }

        return DevelopByLibRaw();
    }

    private RawPicture DevelopByLibRaw()
    {
        PhotoMetadata metadata = Metadata();
        int factor = _request.Demosaic == Demosaic.Half ? 2 : 1;
        PixelBuffer pixels = Develop();
        return new RawPicture(pixels, pixels.Width * factor, pixels.Height * factor, metadata);
    }

    public void Dispose()
    {
        if (_handle != 0)
            _library.Close(_handle);
        _handle = 0;
        FreeFile();
        NativeMemory.Free(_callbacks);
        if (_self.IsAllocated)
            _self.Free();
    }

    private void Configure()
    {
        byte* data = (byte*)_handle;
        *(int*)(data + _fields.UseCameraWhiteBalance) = 1;
        *(int*)(data + _fields.Quality) = _request.Demosaic switch
        {
            Demosaic.Linear => 0,
            Demosaic.Vng => 1,
            Demosaic.Ahd => 3,
            Demosaic.Dcb => 4,
            Demosaic.Dht => 11,
            Demosaic.Aahd => 12,
            _ => 2,
        };
        _library.SetNoAutoBright(_handle, 1);
        _library.SetOutputColor(_handle, 1);
        _library.SetOutputBps(_handle, 8);
        // The curve of sRGB, IEC 61966-2-1; LibRaw's own default is that of BT.709, which sRGB viewers show too dark.
        _library.SetGamma(_handle, 0, 1 / 2.4f);
        _library.SetGamma(_handle, 1, 12.92f);
        _library.SetDataErrorHandler(_handle, &OnDataError, _callbacks);
        _library.SetProgressHandler(_handle, &OnProgress, _callbacks);
    }

    private void Open()
    {
        nuint bytes = ReadFile();
        Check(_library.OpenBuffer(_handle, _file, bytes), "read");
        // A DNG says where white is. For other cameras LibRaw knows a nominal value and takes the brightest sample where none reaches it.
        if (_library.IsDng(_handle))
            _library.SetAdjustMaximumThreshold(_handle, 0);
        long width = _library.RawWidth(_handle), height = _library.RawHeight(_handle);
        if (width * height > _request.MaxPixels)
            throw new PhotoException(
                _request.Path,
                PhotoFailure.TooLarge,
                $"'{_request.Path}' has a sensor of {width} x {height} pixels; the limit is {_request.MaxPixels}. Raise "
                    + "DecodeOptions.MaxPixels if you trust it.");
    }

    private void Unpack()
    {
        Check(_library.Unpack(_handle), "unpack");
        CheckData();
        // The sensor data is out of the file now; LibRaw may let go of the buffer, then we can.
        _library.RecycleDatastream(_handle);
        FreeFile();
    }

    private PixelBuffer Develop()
    {
        // Only now: LibRaw takes half size into account when it develops, and until then its sizes are those of the sensor.
        *(int*)((byte*)_handle + _fields.HalfSize) = _request.Demosaic == Demosaic.Half ? 1 : 0;
        Check(_library.Process(_handle), "develop");
        CheckData();
        int status;
        byte* image = _library.MakeMemImage(_handle, &status);
        if (image is null)
            Check(status == LibRawStatus.Ok ? LibRawStatus.UnspecifiedError : status, "develop");
        // Everything but the result is freed before the next allocation.
        LibRawLibrary library = _library;
        // libraw_processed_image_t: type, height, width, colors, bits (four times 16 bit), data_size, data.
        int height = *(ushort*)(image + 4), width = *(ushort*)(image + 6), colors = *(ushort*)(image + 8), bits = *(ushort*)(image + 10);
        nint block = (nint)image;
        if (bits != 8 || colors is not (1 or 3))
        {
            library.ClearMem(block);
            throw new PhotoException(
                _request.Path,
                PhotoFailure.Unsupported,
                $"'{_request.Path}' was decoded to {colors} colors of {bits} bits; 1 or 3 colors of 8 bits are supported.");
        }

        PixelBuffer pixels = colors == 3 ? new PixelBuffer(block, 16, width, height, library.ClearMem) : Expand(block, width, height);
        return pixels;
    }

    private PixelBuffer Expand(nint gray, int width, int height)
    {
        PixelBuffer pixels = new(width, height);
        byte* from = (byte*)gray + 16;
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = pixels.Row(y);
            for (int x = 0; x < row.Length; x += 3, from++)
                row[x] = row[x + 1] = row[x + 2] = *from;
        }

        _library.ClearMem(gray);
        return pixels;
    }

    // libraw_iparams_t starts with a guard of 4 bytes, make[64], model[64]; libraw_imgother_t with four floats.
    private PhotoMetadata Metadata()
    {
        byte* names = (byte*)_library.ImageParameters(_handle);
        float* other = (float*)_library.ImageOther(_handle);
        return new PhotoMetadata
        {
            Make = Text(names + 4),
            Model = Text(names + 68),
            Iso = other[0] is > 0 and < 1e7f ? (int)MathF.Round(other[0]) : null,
            ExposureSeconds = Positive(other[1]),
            FNumber = Positive(other[2]),
            FocalLength = Positive(other[3]),
        };

        static string? Text(byte* at) => new ReadOnlySpan<byte>(at, 64) is var field && field.IndexOf((byte)0) is > 0 and var end
            ? System.Text.Encoding.UTF8.GetString(field[..end])
            : null;

        static double? Positive(float value) => value > 0 && float.IsFinite(value) ? value : null;
    }

    private nuint ReadFile()
    {
        try
        {
            using SafeFileHandle? own = _request.File is null
                ? File.OpenHandle(_request.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan)
                : null;
            SafeFileHandle handle = _request.File ?? own!;
            long length = RandomAccess.GetLength(handle);
            _file = NativeMemory.Alloc((nuint)Math.Max(length, 1));
            long at = 0;
            while (at < length)
            {
                Span<byte> target = new((byte*)_file + at, (int)Math.Min(length - at, 8 << 20));
                int read = RandomAccess.Read(handle, target, at);
                if (read == 0)
                    throw new EndOfStreamException("It became shorter while it was read.");
                at += read;
                _cancellationToken.ThrowIfCancellationRequested();
            }

            return (nuint)length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PhotoException(_request.Path, PhotoFailure.Unreadable, $"'{_request.Path}' cannot be read. {e.Message}", e);
        }
    }

    private void FreeFile()
    {
        NativeMemory.Free(_file);
        _file = null;
    }

    private void Check(int status, string step)
    {
        if (status == LibRawStatus.Ok)
            return;
        _cancellationToken.ThrowIfCancellationRequested();
        string text = _library.ErrorText(status);
        PhotoFailure reason = status switch
        {
            LibRawStatus.FileUnsupported or LibRawStatus.NotImplemented => PhotoFailure.Unsupported,
            LibRawStatus.TooBig => PhotoFailure.TooLarge,
            _ => PhotoFailure.Damaged,
        };
        string next = reason == PhotoFailure.Unsupported
            ? "This camera or variant cannot be decoded by this LibRaw; convert the file to DNG."
            : "Copy the file again from its source.";
        throw new PhotoException(_request.Path, reason, $"LibRaw could not {step} '{_request.Path}': {text} (code {status}). {next}");
    }

    // Bit flips in compressed data leave LibRaw's return code at success; only this callback tells.
    private void CheckData()
    {
        if (_callbacks->DataErrors > 0 && !_request.AcceptDamaged)
        {
            throw new PhotoException(
                _request.Path,
                PhotoFailure.Damaged,
                $"The sensor data of '{_request.Path}' is damaged near byte {_callbacks->FirstErrorAt} ({_callbacks->DataErrors} "
                    + "errors). Copy the file again from its source.");
        }
    }

    [UnmanagedCallersOnly]
    private static void OnDataError(void* data, byte* file, long offset)
    {
        Callbacks* callbacks = (Callbacks*)data;
        if (callbacks->DataErrors++ == 0)
            callbacks->FirstErrorAt = offset;
    }

    [UnmanagedCallersOnly]
    private static int OnProgress(void* data, int stage, int iteration, int expected) =>
        GCHandle.FromIntPtr(((Callbacks*)data)->Session).Target is LibRawSession session
            && session._cancellationToken.IsCancellationRequested ? 1 : 0;

    private struct Callbacks
    {
        public nint Session;
        public long FirstErrorAt;
        public int DataErrors;
    }
}
