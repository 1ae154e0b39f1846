using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync.Internal;

/// <summary>Creates a file with its whole content or not at all, and never over an existing one.</summary>
internal static class AtomicFile
{
    /// <summary>Creates the file, unless it exists already.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="length">Bytes to preallocate; real blocks, so that a full disk fails here and not in a mapped page later.</param>
    /// <param name="content">Written at the start.</param>
    /// <returns>False when another process was first; its file is untouched.</returns>
    internal static bool TryCreate(string path, long length, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.new";
        try
        {
            using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length))
            {
                Span<byte> zeros = stackalloc byte[4096];
                zeros.Clear();
                for (long at = content.Length; at < length; at += zeros.Length)
                    RandomAccess.Write(file, zeros[..(int)Math.Min(zeros.Length, length - at)], at);
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            return Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
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
            return true;
        return Marshal.GetLastPInvokeError() == Libc.Exists ? false : throw Libc.Failure("link", path);
    }
}
