namespace Pipeline.Imaging.LibRaw;

/// <summary>Where the fields without a setter are in LibRaw's data structure, in bytes from its start.</summary>
/// <param name="HalfSize">params.half_size.</param>
/// <param name="UseCameraWhiteBalance">params.use_camera_wb.</param>
/// <param name="Quality">params.user_qual.</param>
/// <param name="Version">The version that the library reports.</param>
internal sealed record LibRawFields(int HalfSize, int UseCameraWhiteBalance, int Quality, string Version)
{
    // libraw_output_params_t, the same distances in every release from 0.20 on: bright, threshold, half_size, four_color_rgb, highlight, use_auto_wb,
    // use_camera_wb, use_camera_matrix, output_color, (8-byte aligned) three or four pointers, output_bps, output_tiff, [output_flags since 0.21], user_flip,
    // user_qual.
    private const int ScanBytes = 64 * 1024;
    private const int BrightToHighlight = 16;
    private const int HighlightToColor = 16;
    private const int ColorToDepth = 40;
    private const int ColorToDepth020 = 36;

    /// <summary>Finds the fields by writing known values through the documented setters and looking where they arrive.</summary>
    /// <returns>Null when the distances are not those of a known layout.</returns>
    public static unsafe LibRawFields? Probe(LibRawLibrary library)
    {
        nint handle = library.Init(0);
        if (handle == 0)
            return null;
        try
        {
            Span<byte> data = new((void*)handle, ScanBytes);
            int highlight = Find(data, () => library.SetHighlight(handle, 7), 7);
            int color = Find(data, () => library.SetOutputColor(handle, 6), 6);
            int depth = Find(data, () => library.SetOutputBps(handle, 16), 16);
            int bright = Find(data, () => library.SetBright(handle, 3.25f), BitConverter.SingleToInt32Bits(3.25f));
            if (highlight < 0 || bright < 0 || highlight - bright != BrightToHighlight || color - highlight != HighlightToColor)
                return null;
            bool hasFlags = library.VersionNumber >= (21 << 8);
            if (depth - color is not (ColorToDepth or ColorToDepth020))
                return null;
            return new LibRawFields(bright + 8, highlight + 8, depth + (hasFlags ? 16 : 12), library.Version);
        }
        finally
        {
            library.Close(handle);
        }
    }

    // The delegate writes one value; exactly one 4-byte cell may change, and to that value.
    private static int Find(Span<byte> data, Action write, int value)
    {
        byte[] before = data.ToArray();
        write();
        int found = -1;
        for (int i = 0; i + 4 <= before.Length; i += 4)
        {
            if (data.Slice(i, 4).SequenceEqual(before.AsSpan(i, 4)))
                continue;
            if (found >= 0 || BitConverter.ToInt32(data.Slice(i, 4)) != value)
                return -1;
            found = i;
        }

        return found;
    }
}
