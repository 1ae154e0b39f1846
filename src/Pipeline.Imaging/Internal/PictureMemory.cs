using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Memory for whole pictures: freed blocks wait a short while for the next picture of about their size.</summary>
/// <remarks>
/// <para>Thread-safe. A fresh block of 135 MB costs 33,000 page faults and the zeroing of each page, which two workers cannot do twice as fast as one: they share
/// the address space's lock and the memory's bandwidth. A block that is used again costs nothing, and huge pages cut the faults of a fresh one to 65.</para>
/// <para>Blocks that wait never add to the peak: before a fresh block is taken, at least as many waiting bytes go back to the system.</para>
/// </remarks>
internal static unsafe partial class PictureMemory
{
    private const nuint HugePageBytes = 2 << 20;
    private const int HugePageAdvice = 14; // MADV_HUGEPAGE
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Lock Gate = new();
    private static readonly List<Block> Waiting = []; // guarded by Gate; oldest first
    private static readonly Timer Trimmer = new(static _ => Trim(), null, Timeout.Infinite, Timeout.Infinite);

    /// <summary>Gets the bytes of the blocks that wait.</summary>
    internal static long WaitingBytes
    {
        get
        {
            lock (Gate)
                return Waiting.Sum(block => (long)block.Bytes);
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
        lock (Gate)
        {
            int fit = Waiting.FindLastIndex(block => block.Bytes >= needed && block.Bytes - needed <= needed / 4);
            if (fit >= 0)
            {
                Block found = Waiting[fit];
                Waiting.RemoveAt(fit);
                return (found.Address, found.Bytes);
            }

            for (nuint freed = 0; freed < needed && Waiting.Count > 0; Waiting.RemoveAt(0))
            {
                freed += Waiting[0].Bytes;
                NativeMemory.AlignedFree((void*)Waiting[0].Address);
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

        lock (Gate)
        {
            Waiting.Add(new Block(address, bytes, Environment.TickCount64));
            if (Waiting.Count == 1)
                Trimmer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private static void Trim()
    {
        lock (Gate)
        {
            long latest = Environment.TickCount64 - (long)Patience.TotalMilliseconds;
            while (Waiting.Count > 0 && Waiting[0].Since <= latest)
            {
                NativeMemory.AlignedFree((void*)Waiting[0].Address);
                Waiting.RemoveAt(0);
            }

            if (Waiting.Count > 0)
                Trimmer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);

    private readonly record struct Block(nint Address, nuint Bytes, long Since);
}
