namespace Pipeline.Imaging;

/// <summary>Signatures of camera RAW files that are no TIFF containers, and the names that RAW files go by.</summary>
internal static class RawSignatures
{
    // Extensions that name camera RAW and nothing else.
    private static readonly HashSet<string> s_rawExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".3fr", ".arw", ".bay", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".gpr", ".iiq", ".k25", ".kdc",
        ".mdc", ".mef", ".mos", ".mrw",
        ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
    };

    // Cameras that wrote bare sensor data: a decoder recognizes them by size, so only their names can suggest asking it.
    private static readonly HashSet<string> s_headerlessExtensions = new(StringComparer.OrdinalIgnoreCase) { ".raw", ".mdc", ".bay" };

    /// <summary>Says whether the first 32 bytes are those of a RAW format that is no TIFF container.</summary>
    public static bool IsOtherRaw(ReadOnlySpan<byte> head) =>
        head.StartsWith("FUJIFILMCCD-RAW"u8)
        || head.StartsWith("\0MRM"u8)
        || head.StartsWith("FOVb"u8)
        || head[6..].StartsWith("HEAPCCDR"u8)
        || head[4..].StartsWith("ftypcrx "u8);

    /// <summary>Says whether a file without a known signature may be bare sensor data.</summary>
    public static bool MayBeHeaderless(string path, ReadOnlySpan<byte> head) =>
        head.Length == 32
            && s_headerlessExtensions.Contains(Path.GetExtension(path))
            && head.IndexOfAnyExceptInRange((byte)0x09, (byte)0x7E) >= 0;

    /// <summary>Says whether a name promises camera RAW.</summary>
    public static bool NamesRaw(string path) => s_rawExtensions.Contains(Path.GetExtension(path));
}
