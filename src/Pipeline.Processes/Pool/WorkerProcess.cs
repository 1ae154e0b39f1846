using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>One worker process as the pool sees it.</summary>
/// <remarks>
/// Locking rule: members say who guards them. <c>supervisor</c> is the lock of the <see cref="Supervisor"/>; <c>_sendGate</c> guards what has been written. The supervisor's
/// lock is never taken while <c>_sendGate</c> is held, nor held while something is written: a write may wait for the worker.
/// </remarks>
#pragma warning disable CA1001 // the reading thread disposes what it reads with, at the end of the worker
internal sealed partial class WorkerProcess
#pragma warning restore CA1001
{
    /// <summary>What may be on its way to a busy worker; less than a pipe holds, so that sending never waits.</summary>
    public const int PrefetchBytes = 24 * 1024;

    private const int MaxPrefetch = 24;
    private const double PrefetchMicroseconds = 250;
    private static readonly TimeSpan s_stuck = TimeSpan.FromMilliseconds(1);

    private readonly Supervisor _supervisor;
    private readonly WorkerConnection _connection;
    private readonly OutputTail _error;
    private readonly Task _pumps;
    private readonly Lock _sendGate = new();
    private readonly PoolCall?[] _calls = new PoolCall?[ControlPage.Entries]; // guarded by supervisor
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ResidentMemory? _memory; // guarded by supervisor
    private bool[] _defined = new bool[8]; // guarded by _sendGate
    private ulong _lastId; // guarded by supervisor
    private double _averageMicroseconds = double.PositiveInfinity; // guarded by supervisor
    private long _lastAnswer; // guarded by supervisor
    private long? _lyingSince; // guarded by supervisor: a timestamp of the pool's clock
    private long _lyingServed; // guarded by supervisor: Served at that time

    public WorkerProcess(Supervisor supervisor, WorkerConnection connection, ProcessPoolOptions options)
    {
        _supervisor = supervisor;
        _connection = connection;
        _frames = new FrameReader(connection.Read);
        StartedAt = options.TimeProvider.GetTimestamp();
        OutputTail output = new(0, line => supervisor.Log.StandardOutput(ProcessId, line));
        _error = new OutputTail(options.StandardErrorTailBytes, line => supervisor.Log.StandardError(ProcessId, line));
        _pumps = Task.WhenAll(output.PumpAsync(connection.StandardOutput), _error.PumpAsync(connection.StandardError));
    }

    public int ProcessId => _connection.ProcessId;

    public long StartedAt { get; }

    /// <summary>Gets the task that ends when the process is gone and everything about it is settled.</summary>
    public Task Gone => _gone.Task;

    public string ErrorTail => _error.ToString();

    // The rest is guarded by supervisor.
    public WorkerState State { get; set; }

    public WorkerSlot? Slot { get; set; }

    public int Count { get; private set; }

    public int BytesUnderWay { get; private set; }

    public long Served { get; private set; }

    public uint ResidentKiB { get; private set; }

    /// <summary>Gets or sets why the worker is to be replaced.</summary>
    public string? RetireReason { get; set; }

    /// <summary>Gets or sets a value indicating whether the worker is so close to its memory limit that it gets no further call, even if its replacement is not ready yet.</summary>
    public bool MustRest { get; set; }

    /// <summary>Gets or sets why the pool killed the worker; null when it did not.</summary>
    public string? KillReason { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Whether the call may be sent to this worker now.</summary>
    public bool HasRoomUnsynchronized(PoolCall call)
    {
        if (Count == 0)
            return !MustRest;
        if (_connection.Page is null || RetireReason is not null || call.Payload.Length + FrameHeader.Size + BytesUnderWay > PrefetchBytes)
            return false;
        double room = Math.Min(PrefetchMicroseconds / _averageMicroseconds, MaxPrefetch);
        return Count < room && _calls[(_lastId + 1) % ControlPage.Entries] is null && !IsStuckUnsynchronized();
    }

    /// <summary>Whether the running call takes longer than the ones before let expect.</summary>
    public bool IsStuckUnsynchronized() => Stopwatch.GetElapsedTime(_lastAnswer) > s_stuck;

    /// <summary>Looks whether the worker has calls and runs none of them.</summary>
    /// <returns>Whether it was so at all looks since a time ago, without an answer in between.</returns>
    public bool IsUnresponsiveUnsynchronized(TimeSpan limit, TimeProvider clock)
    {
        if (Count == 0 || State != WorkerState.Ready || _connection.Page is not ControlPage page || Array.Exists(_calls, call => call is not null && page.IsRunning(call.Id)))
        {
            _lyingSince = null;
            return false;
        }

        long now = clock.GetTimestamp();
        if (_lyingSince is not long since || _lyingServed != Served)
        {
            (_lyingSince, _lyingServed) = (now, Served);
            return false;
        }

        return clock.GetElapsedTime(since, now) >= limit;
    }

    public void AssignUnsynchronized(PoolCall call)
    {
        ulong id = ++_lastId;
        if (Count == 0)
            _lastAnswer = Stopwatch.GetTimestamp();
        _calls[id % ControlPage.Entries] = call;
        _connection.Page?.MarkSent(id);
        call.Worker = this;
        call.Id = id;
        call.Attempts++;
        Count++;
        BytesUnderWay += call.Payload.Length + FrameHeader.Size;
    }

    /// <summary>Finds a call that has been sent; null when it was settled meanwhile.</summary>
    public PoolCall? FindUnsynchronized(ulong id) => _calls[id % ControlPage.Entries] is PoolCall call && call.Id == id ? call : null;

    public void RemoveUnsynchronized(PoolCall call)
    {
        _calls[call.Id % ControlPage.Entries] = null;
        call.Worker = null;
        Count--;
        BytesUnderWay -= call.Payload.Length + FrameHeader.Size;
    }

    public void NoteAnswerUnsynchronized(in FrameHeader header)
    {
        Served++;
        _lastAnswer = Stopwatch.GetTimestamp();
        _averageMicroseconds = double.IsFinite(_averageMicroseconds) ? (_averageMicroseconds * 0.9) + (header.Microseconds * 0.1) : Math.Max(header.Microseconds, 1);
        if (header.ResidentKiB != 0)
            ResidentKiB = header.ResidentKiB;
    }

    /// <summary>Measures the resident memory from outside, for workers that are busy.</summary>
    public void MeasureUnsynchronized()
    {
        if (State == WorkerState.Ready)
            ResidentKiB = (_memory ??= new ResidentMemory(ProcessId)).ReadKiB() is var now and not 0 ? now : ResidentKiB;
    }

    /// <summary>Takes a call back that the worker has not begun. Without a control page nobody knows, so it counts as begun.</summary>
    public bool TryRevokeUnsynchronized(PoolCall call)
    {
        if (State == WorkerState.Dead || _connection.Page is not ControlPage page || !page.TryRevoke(call.Id))
            return false;
        RemoveUnsynchronized(call);
        call.Attempts--;
        return true;
    }

    /// <summary>Whether the handler of the call was running when the worker was last seen.</summary>
    public bool IsRunningUnsynchronized(PoolCall call) => _connection.Page?.IsRunning(call.Id) ?? true;

    /// <summary>How long the handler of the call has been running; null when it has not begun.</summary>
    public TimeSpan? RunningTimeUnsynchronized(PoolCall call, TimeSpan sinceAssigned) =>
        _connection.Page is not ControlPage page ? sinceAssigned
        : page.IsRunning(call.Id) ? Stopwatch.GetElapsedTime(page.ClaimTime(call.Id)) : null;

    /// <summary>The calls under way, oldest first.</summary>
    public List<PoolCall> CallsUnsynchronized()
    {
        List<PoolCall> calls = [];
        foreach (PoolCall? call in _calls)
        {
            if (call is not null)
                calls.Add(call);
        }

        calls.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return calls;
    }

    public void Start(string? initializer)
    {
        StartReading(ReadFirst);
        byte[] payload = Protocol.WriteStart(
            Protocol.BuildIdentity, initializer,
            _connection.SharesBuffers ? _supervisor.Buffers?.AddressSpaceBytes.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        Write(new FrameHeader(payload.Length, FrameType.Start, 0, 0, 0), payload);
    }

    /// <summary>Sends a call that was assigned. Called outside of the supervisor's lock.</summary>
    public void Send(in PoolDispatch dispatch)
    {
        if (dispatch.Call.Payload.Length > PrefetchBytes)
        {
            // The pipe does not hold it, so this waits for the worker; neither a caller nor a reading thread should.
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Worker.Write(state), dispatch, preferLocal: false);
            return;
        }

        Write(dispatch);
    }

    /// <summary>Lets an idle worker rehearse functions. Called outside of the supervisor's lock.</summary>
    public void Rehearse(List<PoolFunction> functions)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        lock (_sendGate)
        {
            foreach (PoolFunction function in functions)
            {
                DefineUnsynchronized(function);
                new FrameHeader(function.Sample!.Length, FrameType.Rehearse, 0, function.Number, Rehearsal.CallId).Write(head);
                _connection.Write(head, function.Sample);
            }
        }
    }

    public void Write(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        header.Write(head);
        lock (_sendGate)
            _connection.Write(head, payload);
    }

    public void Kill() => _connection.Kill();

    public void CloseWrite() => _connection.CloseWrite();

    private void Write(PoolDispatch dispatch)
    {
        PoolFunction function = dispatch.Call.Function;
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        lock (_sendGate)
        {
            DefineUnsynchronized(function);
            byte[] payload = dispatch.Call.Payload;
            float poll = dispatch.Call.ContinuesInline ? _supervisor.PollMicroseconds : 0;
            _connection.PollMicroseconds = poll; // before the write: the answer may come at once
            new FrameHeader(payload.Length, FrameType.Call, (byte)Math.Min(dispatch.Attempt, 255), function.Number, dispatch.Id, poll).Write(head);
            _connection.Write(head, payload);
        }
    }

    /// <summary>Tells the worker about a function before it is used first.</summary>
    private void DefineUnsynchronized(PoolFunction function)
    {
        if (function.Number >= _defined.Length)
            Array.Resize(ref _defined, function.Number + 8);
        if (_defined[function.Number])
            return;
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        new FrameHeader(function.Definition.Length, FrameType.Define, 0, function.Number, 0).Write(head);
        _connection.Write(head, function.Definition);
        _defined[function.Number] = true;
    }
}
