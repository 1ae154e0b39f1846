using System.Runtime.InteropServices;

namespace Pipeline.Processes;

/// <summary>
/// One anonymous memory file (<c>memfd</c>) with room for all buffers of a pool, mapped once on each side. It is sparse: pages exist only where a segment was
/// committed. It has no name in any folder, so the kernel frees it with the last process that has it open, however that one ended, and the size of
/// <c>/dev/shm</c> does not matter.
/// </summary>
internal sealed unsafe class SharedArena : IDisposable
{
    /// <summary>What a segment's size is a multiple of.</summary>
    public const long Granularity = 64 * 1024;

    // A long allocation starts anew when a signal interrupts it; parts make progress certain.
    private const long CommitStep = 16L << 20;

    private readonly Lock _gate = new();
    private byte* _start; // guarded by _gate until set

    private SharedArena(int descriptor, long bytes)
    {
        Descriptor = descriptor;
        Bytes = bytes;
    }

    public int Descriptor { get; }

    /// <summary>Gets the address space that it takes; memory it takes only where it is committed.</summary>
    public long Bytes { get; }

    public static SharedArena Create(long bytes)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException(
                "Shared buffers need Linux (memfd_create). On this system send the path of a file to the workers.");
        int descriptor = Libc.memfd_create($"pipeline-shared-{Environment.ProcessId}", 1);
        if (descriptor < 0)
            throw new SharedMemoryException(
                $"No shared memory could be created: {Marshal.GetLastPInvokeErrorMessage()}. Check the limits on open files (ulimit -n) "
                    + "and memory.");
        return new SharedArena(descriptor, bytes);
    }

    /// <summary>The arena of the pool, in a worker.</summary>
    public static SharedArena Open(int descriptor, long bytes) => new(descriptor, bytes);

    /// <summary>Gets the address of a place. Nothing may be read or written there that is not committed.</summary>
    public byte* At(long offset)
    {
        lock (_gate)
        {
            if (_start is null)
            {
                void* address = Libc.mmap(null, (nuint)Bytes, Libc.ProtectReadWrite, Libc.MapShared | Libc.MapNoReserve, Descriptor, 0);
                if (address == (void*)-1)
                {
                    throw new SharedMemoryException(
                        $"{Bytes >> 20} MiB of address space for shared buffers could not be mapped: "
                            + $"{Marshal.GetLastPInvokeErrorMessage()}. Raise the limit (ulimit -v), or lower "
                            + "SharedBufferPoolOptions.MaxBytes; a quarter of the space is used.");
                }

                _start = (byte*)address;
            }
        }

        return _start + offset;
    }

    /// <summary>Makes pages exist, so that writing to them cannot fail later with a signal.</summary>
    /// <returns>Null, or the system's reason.</returns>
    public string? TryCommit(long offset, long bytes)
    {
        for (long done = 0; done < bytes;)
        {
            if (Libc.fallocate(Descriptor, 0, offset + done, Math.Min(CommitStep, bytes - done)) == 0)
            {
                done += CommitStep;
                continue;
            }

            if (Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted)
                continue;
            string reason = Marshal.GetLastPInvokeErrorMessage();
            Discard(offset, bytes);
            return reason;
        }

        return null;
    }

    /// <summary>Gives the pages back to the system.</summary>
    public void Discard(long offset, long bytes)
    {
        while (Libc.fallocate(Descriptor, Libc.PunchHole, offset, bytes) != 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted)
        {
        }
    }

    public void Dispose()
    {
        if (_start is not null)
            Libc.munmap(_start, (nuint)Bytes);
        Libc.close(Descriptor);
    }
}
