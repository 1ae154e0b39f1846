using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>What the pool knows of one worker process: its place, its calls, how it does, and why it is to end.</summary>
/// <remarks>
/// Locking rule: guarded by the supervisor's lock; what never changes (<see cref="Connection"/>, <see cref="Sender"/>, the process id) is free.
/// </remarks>
[DebuggerDisplay("Worker {ProcessId}: {State}, {Count} calls under way, {Served} served")]
#pragma warning disable CA1001 // the reading thread releases it at the end of the worker
internal sealed class PoolWorker(WorkerConnection connection, RequestSender sender, long startedAt)
#pragma warning restore CA1001
{
    private const int MaxPrefetch = 24;
    private const double PrefetchMicroseconds = 250;
    private static readonly TimeSpan s_stuckAfter = TimeSpan.FromMilliseconds(1);

    private readonly PoolCall?[] _calls = new PoolCall?[ControlPage.Entries]; // by call id
    private ResidentMemory? _memory;
    private ulong _lastId;
    private double _averageMicroseconds = double.PositiveInfinity;
    private long _lastAnswer; // a Stopwatch timestamp
    private long? _lyingSince; // a timestamp of the pool's clock
    private long _lyingServed; // Served at that time

    /// <summary>Gets the process and its connection.</summary>
    public WorkerConnection Connection { get; } = connection;

    /// <summary>Gets what writes to the worker. Never used under the supervisor's lock: a write may wait for the worker.</summary>
    public RequestSender Sender { get; } = sender;

    public int ProcessId => Connection.ProcessId;

    public long StartedAt { get; } = startedAt;
    public WorkerState State { get; set; }
    public WorkerSlot? Slot { get; set; }

    /// <summary>Gets how many calls were sent and not answered.</summary>
    public int Count { get; private set; }

    public int BytesUnderWay { get; private set; }

    /// <summary>Gets how many calls were answered.</summary>
    public long Served { get; private set; }

    public uint ResidentKiB { get; set; }

    public long ResidentBytes => ResidentKiB * 1024L;

    /// <summary>Gets or sets why the worker is to be replaced.</summary>
    public string? RetireReason { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether the worker is so close to its memory limit that it gets no further call, even if its replacement is not ready
    /// yet.
    /// </summary>
    public bool MustRest { get; set; }

    /// <summary>Gets or sets why the pool killed the worker; null when it did not.</summary>
    public string? KillReason { get; set; }

    /// <summary>Gets or sets what kills a worker that takes too long to start or to clean up.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>Whether the call may be sent to this worker now.</summary>
    public bool HasRoom(PoolCall call)
    {
        if (Count == 0)
            return !MustRest;
        if (Connection.Page is null
            || RetireReason is not null
            || call.Payload.Length + FrameHeader.Size + BytesUnderWay > RequestSender.PrefetchBytes)
            return false;
        double room = Math.Min(PrefetchMicroseconds / _averageMicroseconds, MaxPrefetch);
        return Count < room && _calls[(_lastId + 1) % ControlPage.Entries] is null && !IsStuck(Stopwatch.GetTimestamp());
    }

    /// <summary>Whether the running call takes longer than the ones before let expect.</summary>
    /// <param name="now">The time, as a <see cref="Stopwatch"/> timestamp.</param>
    public bool IsStuck(long now) => Stopwatch.GetElapsedTime(_lastAnswer, now) > s_stuckAfter;

    /// <summary>Inspects whether the worker has calls and runs none of them.</summary>
    /// <returns>Whether it was so at all inspections since a time ago, without an answer in between.</returns>
    public bool IsUnresponsive(TimeSpan limit, TimeProvider clock)
    {
        if (Count == 0 || State != WorkerState.Ready || Connection.Page is not { } page
            || Array.Exists(_calls, call => call is not null && page.IsRunning(call.Id)))
        {
            _lyingSince = null;
            return false;
        }

        long now = clock.GetTimestamp();
        if (_lyingSince is not { } since || _lyingServed != Served)
        {
            (_lyingSince, _lyingServed) = (now, Served);
            return false;
        }

        return clock.GetElapsedTime(since, now) >= limit;
    }

    /// <summary>Gives the worker a call. The attempt counts from here on: a worker may die before the frame is written.</summary>
    public PoolDispatch Assign(PoolCall call)
    {
        ulong id = ++_lastId;
        if (Count == 0)
            _lastAnswer = Stopwatch.GetTimestamp();
        _calls[id % ControlPage.Entries] = call;
        Connection.Page?.MarkSent(id); // before the frame: the worker claims the word as soon as it reads the frame
        call.Worker = this;
        call.Id = id;
        call.Attempts++;
        Count++;
        BytesUnderWay += call.Payload.Length + FrameHeader.Size;
        return new PoolDispatch(this, call, id, call.Attempts);
    }

    /// <summary>Finds a call that has been sent; null when it was settled meanwhile.</summary>
    public PoolCall? Find(ulong id) => _calls[id % ControlPage.Entries] is { } call && call.Id == id ? call : null;

    /// <summary>Takes a call out of the table: it was answered, was revoked, or its worker is dead.</summary>
    public void Remove(PoolCall call)
    {
        Debug.Assert(call.Worker == this && Find(call.Id) == call, "A call is removed from a worker that does not have it.");
        _calls[call.Id % ControlPage.Entries] = null;
        call.Worker = null;
        Count--;
        BytesUnderWay -= call.Payload.Length + FrameHeader.Size;
    }

    public void NoteAnswer(in FrameHeader header)
    {
        Served++;
        _lastAnswer = Stopwatch.GetTimestamp();
        _averageMicroseconds = double.IsFinite(_averageMicroseconds)
            ? (_averageMicroseconds * 0.9) + (header.Microseconds * 0.1)
            : Math.Max(header.Microseconds, 1);
        if (header.ResidentKiB != 0)
            ResidentKiB = header.ResidentKiB;
    }

    /// <summary>Measures the resident memory from outside, for workers that are busy.</summary>
    public void Measure()
    {
        if (State == WorkerState.Ready && (_memory ??= new ResidentMemory(ProcessId)).ReadKiB() is var now and not 0)
            ResidentKiB = now;
    }

    /// <summary>Revokes a call that the worker has not begun. Without a control page that cannot be known, so the call counts as begun.</summary>
    public bool TryRevoke(PoolCall call)
    {
        if (State == WorkerState.Dead || Connection.Page is not { } page || !page.TryRevoke(call.Id))
            return false;
        Remove(call);
        call.Attempts--;
        return true;
    }

    /// <summary>Whether the handler of the call was running when the worker was last seen.</summary>
    public bool IsRunning(PoolCall call) => Connection.Page?.IsRunning(call.Id) ?? true;

    /// <summary>How long the handler of the call has been running; null when it has not begun.</summary>
    /// <param name="call">The call.</param>
    /// <param name="sinceAssigned">The time since it was assigned, which counts where there is no control page.</param>
    /// <param name="now">The time, as a <see cref="Stopwatch"/> timestamp.</param>
    public TimeSpan? RunningTime(PoolCall call, TimeSpan sinceAssigned, long now) =>
        Connection.Page is not { } page ? sinceAssigned
        : page.IsRunning(call.Id) ? Stopwatch.GetElapsedTime(page.ClaimTime(call.Id), now) : null;

    /// <summary>The calls under way, oldest first.</summary>
    public List<PoolCall> Calls()
    {
        List<PoolCall> calls = new(Count);
        foreach (PoolCall? call in _calls)
        {
            if (call is not null)
                calls.Add(call);
        }

        calls.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return calls;
    }

    /// <summary>
    /// Frees what the kernel gave for this worker. Called once, by its reading thread, when the worker is dead: it is not measured or revoked from any more.
    /// </summary>
    public void Release()
    {
        Connection.Page?.Dispose();
        _memory?.Dispose();
    }

    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        int count = 0;
        int bytes = 0;
        foreach (PoolCall? call in _calls)
        {
            if (call is null)
                continue;
            Debug.Assert(
                call.Worker == this && !call.IsEnded && !call.IsQueued && !call.IsSuspect, "A call of a worker is in another place too.");
            count++;
            bytes += call.Payload.Length + FrameHeader.Size;
        }

        Debug.Assert(count == Count && bytes == BytesUnderWay, "The numbers of a worker differ from its table.");
        Debug.Assert(Slot is null || Slot.Worker == this, "The slot of a worker holds another one.");
    }
}
