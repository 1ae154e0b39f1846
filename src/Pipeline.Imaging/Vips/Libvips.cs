using NetVips;

namespace Pipeline.Imaging;

/// <summary>Sets libvips up for pipeline work, once per process, before the first image.</summary>
/// <remarks>
/// The settings are process-wide: one libvips thread per caller, because the pipeline's workers are the parallelism (two images at once with one thread each
/// are 1.85 times as fast as one image, one image with two threads only 1.1 to 1.4 times); no operation cache, because no image is seen twice and a cached
/// operation would keep freed pixels alive; loaders that libvips marks as untrusted blocked, because photos come from anywhere.
/// </remarks>
internal static class Libvips
{
    // Written once by the thread that wins; a failure is kept and thrown to every caller.
    private static readonly Lazy<Exception?> s_setup = new(SetUp, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Makes sure that libvips is loaded and set up.</summary>
    /// <exception cref="PhotoException">The native library cannot be loaded.</exception>
    public static void EnsureReady()
    {
        if (s_setup.Value is { } failure)
        {
            throw new PhotoException(
                "libvips",
                PhotoFailure.NoImagingLibrary,
                $"The native library libvips could not be loaded: {failure.Message} Reference the package NetVips.Native, or install "
                    + "libvips 8.18 or later.",
                failure);
        }
    }

    /// <summary>Gets the first line that libvips said, as a sentence.</summary>
    public static string Reason(VipsException e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string line = lines.Length > 1 ? lines[1] : lines.Length > 0 ? lines[0] : e.GetType().Name;
        return line.EndsWith('.') ? line : line + ".";
    }

    private static Exception? SetUp()
    {
        try
        {
            if (!ModuleInitializer.VipsInitialized)
                return ModuleInitializer.Exception ?? new DllNotFoundException("libvips was not initialized.");
            global::NetVips.NetVips.Concurrency = 1;
            global::NetVips.NetVips.BlockUntrusted = true;
            Cache.Max = 0;
            // What matters of these warnings comes as an exception; on standard error they would tear progress bars apart.
            _ = Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
            NativeHeap.Tune();
            return null;
        }
        catch (Exception e) when (
            e is VipsException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or TypeInitializationException)
        {
            return e;
        }
    }
}
