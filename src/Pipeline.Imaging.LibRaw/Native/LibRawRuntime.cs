using System.Runtime.InteropServices;

namespace Pipeline.Imaging.LibRaw;

/// <summary>The LibRaw of this process: found, version-checked and probed once.</summary>
internal sealed class LibRawRuntime
{
    private static readonly Lazy<(LibRawRuntime? Runtime, string Why)> s_shared = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    private LibRawRuntime(LibRawLibrary library, LibRawFields fields)
    {
        Library = library;
        Fields = fields;
    }

    public LibRawLibrary Library { get; }
    public LibRawFields Fields { get; }

    /// <summary>Gets the runtime.</summary>
    /// <param name="why">What was tried and why it was refused.</param>
    /// <returns>Null when no usable library is present.</returns>
    public static LibRawRuntime? Get(out string why)
    {
        why = s_shared.Value.Why;
        return s_shared.Value.Runtime;
    }

    private static (LibRawRuntime?, string) Load()
    {
        List<string> tried = new();
        foreach (string name in Candidates())
        {
            if (LibRawLibrary.TryLoad(name, out string? why) is not { } library)
            {
                tried.Add(why!);
                continue;
            }

            // A layout that is not the known one is refused: writing to a wrong offset would corrupt memory.
            if (library.VersionNumber >> 8 is < 20 or > 22)
                tried.Add($"{name}: LibRaw {library.Version}, only 0.20 to 0.22 are known here");
            else if (LibRawFields.Probe(library) is { } fields)
                return (new LibRawRuntime(library, fields), string.Empty);
            else
                tried.Add($"{name}: LibRaw {library.Version} has an unknown layout");
        }

        return (null, string.Join("; ", tried));
    }

    private static IEnumerable<string> Candidates()
    {
        string architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        // The native library of Magick.NET carries the whole C interface of LibRaw on Linux and macOS.
        if (!OperatingSystem.IsWindows())
            yield return $"Magick.Native-Q8-{architecture}.dll";
        if (OperatingSystem.IsWindows())
            yield return "libraw.dll";
        else if (OperatingSystem.IsMacOS())
            yield return "libraw_r.dylib";
        else
        {
            foreach (string version in (string[])["24", "23", "20"])
                yield return $"libraw_r.so.{version}";
        }
    }
}
