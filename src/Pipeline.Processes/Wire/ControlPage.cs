using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>
/// One page that a pool and one worker share. Each call in flight has a word in it, which the worker claims before it starts the call. That gives three things
/// without a message: a call that waits behind another one can be taken back; after a death it is certain which call was running; a deadline counts from the
/// start of the handler.
/// </summary>
/// <remarks>
/// Each word holds (call id, state) and changes by compare-and-swap only: Sent to Claimed by the worker, Sent to Revoked by the pool, Claimed to Done by the
/// worker. The claim time is written before the claim and is a monotonic time of the machine.
/// </remarks>
internal sealed unsafe class ControlPage : IDisposable
{
    public const int Bytes = 4096;

    /// <summary>Calls that can be in flight on one connection.</summary>
    public const int Entries = 64;

    // Behind the words of the calls; far enough apart for processors that fetch two cache lines at once.
    private const int RequestsLine = 2048;
    private const int AnswersLine = RequestsLine + 128;

    private const ulong Sent = 0;
    private const ulong Claimed = 1;
    private const ulong Revoked = 2;
    private const ulong Finished = 3;

    private readonly int _descriptor;
    private ulong* _words;

    private ControlPage(int descriptor, ulong* words)
    {
        _descriptor = descriptor;
        _words = words;
    }

    public int Descriptor => _descriptor;

    /// <summary>Gets what the pool has written to the worker.</summary>
    public PipeProgress Requests => Line(RequestsLine);

    /// <summary>Gets what the worker has written to the pool.</summary>
    public PipeProgress Answers => Line(AnswersLine);

    public static ControlPage Create()
    {
        int descriptor = Libc.memfd_create("pipeline-worker", 1);
        if (descriptor < 0 || Libc.ftruncate(descriptor, Bytes) != 0)
            throw new IOException(
                $"The pool could not create the control page of a worker (error "
                    + $"{System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}). Check the limits on open files and memory.");
        return Map(descriptor);
    }

    public static ControlPage Map(int descriptor)
    {
        void* address = Libc.mmap(null, Bytes, Libc.ProtectReadWrite, Libc.MapShared, descriptor, 0);
        if (address == (void*)-1)
            throw new IOException(
                $"The control page of a worker could not be mapped (error "
                    + $"{System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}). Check the limit on memory.");
        return new ControlPage(descriptor, (ulong*)address);
    }

    /// <summary>Pool: announces a call before its frame is written.</summary>
    public void MarkSent(ulong id) => Volatile.Write(ref Word(id), (id << 2) | Sent);

    /// <summary>Pool: takes a call back that the worker has not started.</summary>
    public bool TryRevoke(ulong id) => Move(id, Sent, Revoked);

    /// <summary>Worker: starts a call.</summary>
    /// <param name="id">The call.</param>
    /// <param name="now">The time, as a <see cref="Stopwatch"/> timestamp.</param>
    /// <returns>False when the pool took the call back.</returns>
    public bool TryClaim(ulong id, long now)
    {
        Volatile.Write(ref Time(id), now);
        return Move(id, Sent, Claimed);
    }

    /// <summary>Worker: the handler has returned; a death after this is not the fault of the call.</summary>
    public void MarkFinished(ulong id) => Volatile.Write(ref Word(id), (id << 2) | Finished);

    /// <summary>Pool: whether the handler of the call was running when the worker was last alive.</summary>
    public bool IsRunning(ulong id) => Volatile.Read(ref Word(id)) == ((id << 2) | Claimed);

    /// <summary>Pool: when the worker claimed the call, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long ClaimTime(ulong id) => Volatile.Read(ref Time(id));

    public void Dispose()
    {
        if (_words is null)
            return;
        Libc.munmap(_words, Bytes);
        Libc.close(_descriptor);
        _words = null;
    }

    private bool Move(ulong id, ulong from, ulong to) =>
        Interlocked.CompareExchange(ref Word(id), (id << 2) | to, (id << 2) | from) == ((id << 2) | from);

    private PipeProgress Line(int offset)
    {
        ObjectDisposedException.ThrowIf(_words is null, this);
        return new PipeProgress((long*)((byte*)_words + offset));
    }

    private ref ulong Word(ulong id)
    {
        ObjectDisposedException.ThrowIf(_words is null, this);
        return ref _words[id % Entries * 2];
    }

    private ref long Time(ulong id)
    {
        ObjectDisposedException.ThrowIf(_words is null, this);
        return ref *(long*)(_words + (id % Entries * 2) + 1);
    }
}
