using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Cli.Tests.Support;

/// <summary>Counts how often files are opened, by any process: the kernel reports it (Linux, inotify(7)).</summary>
/// <remarks>
/// Reads and closes are asked for too, because the kernel merges an event with an equal one right before it: two opens with nothing between them would
/// count once.
/// </remarks>
internal sealed partial class OpenCounter : IDisposable
{
    private const uint Access = 0x01, CloseAfterReading = 0x10, Open = 0x20, QueueOverflow = 0x4000;
    private const int NonBlocking = 0x800, HeaderBytes = 16, WouldBlock = 11;
    private readonly SafeFileHandle _events;
    private readonly Dictionary<int, string> _files = [];

    public OpenCounter(IEnumerable<string> files)
    {
        _events = new SafeFileHandle(Initialize(NonBlocking), ownsHandle: true);
        foreach (string file in files)
        {
            int watch = AddWatch(_events, file, Access | CloseAfterReading | Open);
            _files.Add(watch >= 0 ? watch : throw new Win32Exception(), file);
        }
    }

    /// <summary>Gets the opens of each file so far.</summary>
    public Dictionary<string, int> Read()
    {
        Dictionary<string, int> opens = _files.Values.ToDictionary(file => file, _ => 0);
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            int bytes = (int)Read(_events, buffer, buffer.Length);
            if (bytes < 0)
                return Marshal.GetLastPInvokeError() == WouldBlock ? opens : throw new Win32Exception();
            for (int at = 0; at < bytes; at += HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at + 12)))
            {
                uint mask = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 4));
                Assert.Equal(0u, mask & QueueOverflow);
                if ((mask & Open) != 0)
                    opens[_files[BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at))]]++;
            }
        }
    }

    public void Dispose() => _events.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AddWatch(SafeFileHandle events, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeFileHandle events, byte[] buffer, nint count);
}
