using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Memory for whole pictures: freed blocks wait a short while for the next picture of about their size.</summary>
/// <remarks>
/// <para>Thread-safe. A fresh block of 135 MB costs 33,000 page faults and the zeroing of each page, which two workers cannot do twice as fast as one: they
/// share the address space's lock and the memory's bandwidth. A block that is used again costs nothing, and huge pages cut the faults of a fresh one to
/// 65.</para>
/// <para>Blocks that wait never add to the peak: before a fresh block is taken, at least as many waiting bytes go back to the system.</para>
/// </remarks>
internal static unsafe partial class PictureMemory
{
    private const nuint HugePageBytes = 2 << 20;
    private const int HugePageAdvice = 14; // MADV_HUGEPAGE
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly Lock s_gate = new();
    private static readonly List<Block> s_waiting = []; // guarded by s_gate; oldest first
    private static readonly Timer s_trimmer = new(static _ => Trim(), null, Timeout.Infinite, Timeout.Infinite);

    /// <summary>Gets the bytes of the blocks that wait.</summary>
    public static long WaitingBytes
    {
        get
        {
            lock (s_gate)
                return s_waiting.Sum(block => (long)block.Bytes);
        }
    }

    /// <summary>Takes a block.</summary>
    /// <param name="bytes">How many bytes are needed, 1 or more.</param>
    /// <returns>The block, its contents undefined, and its size, which <see cref="Free"/> wants back.</returns>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public static (nint Address, nuint Bytes) Take(long bytes)
    {
        nuint needed = (nuint)bytes;
        if (needed < HugePageBytes)
            return ((nint)NativeMemory.Alloc(needed), needed);
        needed = (needed + HugePageBytes - 1) & ~(HugePageBytes - 1);
        lock (s_gate)
        {
            int fit = s_waiting.FindLastIndex(block => block.Bytes >= needed && block.Bytes - needed <= needed / 4);
            if (fit >= 0)
            {
                Block found = s_waiting[fit];
                s_waiting.RemoveAt(fit);
                return (found.Address, found.Bytes);
            }

            for (nuint freed = 0; freed < needed && s_waiting.Count > 0; s_waiting.RemoveAt(0))
            {
                freed += s_waiting[0].Bytes;
                NativeMemory.AlignedFree((void*)s_waiting[0].Address);
            }
        }

        void* address = NativeMemory.AlignedAlloc(needed, HugePageBytes);
        if (OperatingSystem.IsLinux())
            _ = Advise(address, needed, HugePageAdvice); // A wish; without huge pages the block is as good, only slower.
        return ((nint)address, needed);
    }

    /// <summary>Gives a block back.</summary>
    /// <param name="address">The block.</param>
    /// <param name="bytes">Its size, as <see cref="Take"/> said.</param>
    public static void Free(nint address, nuint bytes)
    {
        if (bytes < HugePageBytes)
        {
            NativeMemory.Free((void*)address);
            return;
        }

        lock (s_gate)
        {
            s_waiting.Add(new Block(address, bytes, Environment.TickCount64));
            if (s_waiting.Count == 1)
                s_trimmer.Change(s_patience, Timeout.InfiniteTimeSpan);
        }
    }

    private static void Trim()
    {
        lock (s_gate)
        {
            long latest = Environment.TickCount64 - (long)s_patience.TotalMilliseconds;
            while (s_waiting.Count > 0 && s_waiting[0].Since <= latest)
            {
                NativeMemory.AlignedFree((void*)s_waiting[0].Address);
                s_waiting.RemoveAt(0);
            }

            if (s_waiting.Count > 0)
                s_trimmer.Change(s_patience, Timeout.InfiniteTimeSpan);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);

    private readonly record struct Block(nint Address, nuint Bytes, long Since);
}
