using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>Creates a file with its whole content or not at all, and never over an existing one. It is there after a power failure too.</summary>
/// <remarks>Stateless. A process that is killed in between leaves a file <c>NAME.*.new</c> behind; the next process that creates the file removes it.</remarks>
internal static class AtomicFile
{
    /// <summary>Creates the file, unless it exists already.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="length">Bytes to preallocate; real blocks, so that a full disk fails here and not in a mapped page later.</param>
    /// <param name="content">Written at the start.</param>
    /// <returns>False when another process was first; its file is untouched.</returns>
    public static bool TryCreate(string path, long length, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.new";
        try
        {
            using (SafeFileHandle file = File.OpenHandle(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length))
            {
                Span<byte> zeros = stackalloc byte[4096];
                zeros.Clear();
                for (long at = content.Length; at < length; at += zeros.Length)
                    RandomAccess.Write(file, zeros[..(int)Math.Min(zeros.Length, length - at)], at);
                RandomAccess.Write(file, content, 0);
                DurableFile.Flush(file, temporary);
            }

            return Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
            RemoveLeftovers(path);
        }
    }

    /// <summary>Removes what creators that were killed left behind. One that is still at work then finds that it was not the first.</summary>
    private static void RemoveLeftovers(string path)
    {
        if (!File.Exists(path))
            return;
        try
        {
            foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*.new"))
            {
                string[] parts = other[(path.Length + 1)..].Split('.'); // of this file only, not of one whose name begins alike
                if (parts.Length == 3
                    && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    && Guid.TryParseExact(parts[1], "N", out _))
                    File.Delete(other);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Open elsewhere, or not ours: it takes room and nothing else.
        }
    }

    private static bool Publish(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(temporary, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        if (Libc.Link(temporary, path) == 0)
        {
            DurableFile.FlushName(path); // or the name could be gone after a power failure, and what was acknowledged under it
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Libc.Exists || (error == Libc.Missing && File.Exists(path)) ? false : throw Libc.Failure("link", path);
    }
}
