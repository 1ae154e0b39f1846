using System.Reflection;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging.LibRaw;

/// <summary>The C interface of LibRaw, bound from a loaded native library. Immutable after construction and thread-safe.</summary>
internal sealed unsafe class LibRawLibrary
{
    private readonly delegate* unmanaged<uint, nint> _init;
    private readonly delegate* unmanaged<nint, void> _close;
    private readonly delegate* unmanaged<nint, void> _recycleDatastream;
    private readonly delegate* unmanaged<nint, void*, nuint, int> _openBuffer;
    private readonly delegate* unmanaged<nint, int> _unpack;
    private readonly delegate* unmanaged<nint, int> _process;
    private readonly delegate* unmanaged<nint, int*, byte*> _makeMemImage;
    private readonly delegate* unmanaged<byte*, void> _clearMem;
    private readonly delegate* unmanaged<int, byte*> _strError;
    private readonly delegate* unmanaged<nint, int, void> _setBps;
    private readonly delegate* unmanaged<nint, int, void> _setHighlight;
    private readonly delegate* unmanaged<nint, int, void> _setColor;
    private readonly delegate* unmanaged<nint, int, void> _setNoAutoBright;
    private readonly delegate* unmanaged<nint, float, void> _setBright;
    private readonly delegate* unmanaged<nint, int, float, void> _setGamma;
    private readonly delegate* unmanaged<nint, float, void> _setAdjustMaximum;
    private readonly delegate* unmanaged<nint, int> _rawWidth;
    private readonly delegate* unmanaged<nint, int> _rawHeight;
    private readonly delegate* unmanaged<nint, delegate* unmanaged<void*, byte*, long, void>, void*, void> _setDataErrorHandler;
    private readonly delegate* unmanaged<nint, delegate* unmanaged<void*, int, int, int, int>, void*, void> _setProgressHandler;
    private readonly delegate* unmanaged<nint, nint> _iparams;
    private readonly delegate* unmanaged<nint, nint> _imgOther;
    private readonly delegate* unmanaged<nint, int> _imageWidth;
    private readonly delegate* unmanaged<nint, int> _imageHeight;
    private readonly delegate* unmanaged<nint, int> _colorMaximum;
    private readonly delegate* unmanaged<nint, int, float> _cameraMultiplier;
    private readonly delegate* unmanaged<nint, int, int, float> _cameraToSrgb;
    private readonly delegate* unmanaged<nint, DecoderInfo*, int> _decoderInfo;

    private LibRawLibrary(nint library)
    {
        _init = (delegate* unmanaged<uint, nint>)Export("libraw_init");
        _close = (delegate* unmanaged<nint, void>)Export("libraw_close");
        _recycleDatastream = (delegate* unmanaged<nint, void>)Export("libraw_recycle_datastream");
        _openBuffer = (delegate* unmanaged<nint, void*, nuint, int>)Export("libraw_open_buffer");
        _unpack = (delegate* unmanaged<nint, int>)Export("libraw_unpack");
        _process = (delegate* unmanaged<nint, int>)Export("libraw_dcraw_process");
        _makeMemImage = (delegate* unmanaged<nint, int*, byte*>)Export("libraw_dcraw_make_mem_image");
        _clearMem = (delegate* unmanaged<byte*, void>)Export("libraw_dcraw_clear_mem");
        _strError = (delegate* unmanaged<int, byte*>)Export("libraw_strerror");
        _setBps = (delegate* unmanaged<nint, int, void>)Export("libraw_set_output_bps");
        _setHighlight = (delegate* unmanaged<nint, int, void>)Export("libraw_set_highlight");
        _setColor = (delegate* unmanaged<nint, int, void>)Export("libraw_set_output_color");
        _setNoAutoBright = (delegate* unmanaged<nint, int, void>)Export("libraw_set_no_auto_bright");
        _setBright = (delegate* unmanaged<nint, float, void>)Export("libraw_set_bright");
        _setAdjustMaximum = (delegate* unmanaged<nint, float, void>)Export("libraw_set_adjust_maximum_thr");
        _setGamma = (delegate* unmanaged<nint, int, float, void>)Export("libraw_set_gamma");
        _rawWidth = (delegate* unmanaged<nint, int>)Export("libraw_get_raw_width");
        _rawHeight = (delegate* unmanaged<nint, int>)Export("libraw_get_raw_height");
        _setDataErrorHandler =
            (delegate* unmanaged<nint, delegate* unmanaged<void*, byte*, long, void>, void*, void>)Export("libraw_set_dataerror_handler");
        _setProgressHandler =
            (delegate* unmanaged<nint, delegate* unmanaged<void*, int, int, int, int>, void*, void>)Export("libraw_set_progress_handler");
        _iparams = (delegate* unmanaged<nint, nint>)Export("libraw_get_iparams");
        _imgOther = (delegate* unmanaged<nint, nint>)Export("libraw_get_imgother");
        _imageWidth = (delegate* unmanaged<nint, int>)Export("libraw_get_iwidth");
        _imageHeight = (delegate* unmanaged<nint, int>)Export("libraw_get_iheight");
        _colorMaximum = (delegate* unmanaged<nint, int>)Export("libraw_get_color_maximum");
        _cameraMultiplier = (delegate* unmanaged<nint, int, float>)Export("libraw_get_cam_mul");
        _cameraToSrgb = (delegate* unmanaged<nint, int, int, float>)Export("libraw_get_rgb_cam");
        _decoderInfo = (delegate* unmanaged<nint, DecoderInfo*, int>)Export("libraw_get_decoder_info");
        Version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)Export("libraw_version"))()) ?? string.Empty;
        VersionNumber = ((delegate* unmanaged<int>)Export("libraw_versionNumber"))();

        nint Export(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>Gets the version with its kind: <c>0.22.3-Release</c>.</summary>
    public string Version { get; }

    /// <summary>Gets the version as major * 65536 + minor * 256 + patch.</summary>
    public int VersionNumber { get; }

    /// <summary>Loads a native library that exports LibRaw's C interface.</summary>
    /// <param name="name">A path, or a name that is looked up beside the application and in the system.</param>
    /// <param name="why">Why it failed; null on success.</param>
    /// <returns>Null when it is not there or lacks an export.</returns>
    public static LibRawLibrary? TryLoad(string name, out string? why)
    {
        why = null;
        if (!NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out nint library))
        {
            why = $"{name}: not found";
            return null;
        }

        try
        {
            return new LibRawLibrary(library);
        }
        catch (EntryPointNotFoundException e)
        {
            NativeLibrary.Free(library);
            why = $"{name}: {e.Message}";
            return null;
        }
    }

    public nint Init(uint flags) => _init(flags);
    public void Close(nint handle) => _close(handle);
    public void RecycleDatastream(nint handle) => _recycleDatastream(handle);
    public int OpenBuffer(nint handle, void* buffer, nuint bytes) => _openBuffer(handle, buffer, bytes);
    public int Unpack(nint handle) => _unpack(handle);
    public int Process(nint handle) => _process(handle);
    public byte* MakeMemImage(nint handle, int* status) => _makeMemImage(handle, status);
    public void ClearMem(nint image) => _clearMem((byte*)image);
    public string ErrorText(int status) => Marshal.PtrToStringUTF8((nint)_strError(status)) ?? $"error {status}";
    public void SetOutputBps(nint handle, int bits) => _setBps(handle, bits);
    public void SetHighlight(nint handle, int mode) => _setHighlight(handle, mode);
    public void SetOutputColor(nint handle, int space) => _setColor(handle, space);
    public void SetNoAutoBright(nint handle, int off) => _setNoAutoBright(handle, off);
    public void SetBright(nint handle, float factor) => _setBright(handle, factor);
    public void SetAdjustMaximumThreshold(nint handle, float threshold) => _setAdjustMaximum(handle, threshold);
    public void SetGamma(nint handle, int index, float value) => _setGamma(handle, index, value);
    public int RawWidth(nint handle) => _rawWidth(handle);
    public int RawHeight(nint handle) => _rawHeight(handle);

    public void SetDataErrorHandler(nint handle, delegate* unmanaged<void*, byte*, long, void> handler, void* data) =>
        _setDataErrorHandler(handle, handler, data);

    public void SetProgressHandler(nint handle, delegate* unmanaged<void*, int, int, int, int> handler, void* data) =>
        _setProgressHandler(handle, handler, data);

    public nint ImageParameters(nint handle) => _iparams(handle);

    /// <summary>Says whether the open file is a DNG: libraw_iparams_t.dng_version, behind a guard of 4 bytes, five names of 64 and two numbers.</summary>
    public bool IsDng(nint handle) => *(uint*)(_iparams(handle) + 332) != 0;

    public nint ImageOther(nint handle) => _imgOther(handle);
    public int ImageWidth(nint handle) => _imageWidth(handle);
    public int ImageHeight(nint handle) => _imageHeight(handle);
    public int ColorMaximum(nint handle) => _colorMaximum(handle);
    public float CameraMultiplier(nint handle, int color) => _cameraMultiplier(handle, color);
    public float CameraToSrgb(nint handle, int row, int column) => _cameraToSrgb(handle, row, column);

    /// <summary>Gets the flags of the decoder that LibRaw chose for the open file.</summary>
    public uint DecoderFlags(nint handle)
    {
        DecoderInfo info;
        return _decoderInfo(handle, &info) == LibRawStatus.Ok ? info.Flags : 0;
    }

    private struct DecoderInfo
    {
        public nint Name;
        public uint Flags;
    }
}
