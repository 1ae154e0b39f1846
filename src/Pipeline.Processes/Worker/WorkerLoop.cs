using System.Buffers.Binary;
using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>The life of a worker process: handshake, initialization, then one call after another on the main thread.</summary>
internal sealed class WorkerLoop : IDisposable
{
    private static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromMilliseconds(800);

    // An answer waits for company only while the calls before it were shorter than this.
    private const double ShareWriteMicroseconds = 20;

    private readonly WorkerEndpoint _endpoint;
    private readonly FrameReader _reader;
    private readonly WorkerOutput _output;
    private readonly IFunctionSource _source;
    private readonly Lock _readGate = new();
    private Queue<EarlyFrame>? _early; // guarded by _readGate: came while a handler waited for memory
    private ResidentMemory? _memory; // made after the first call: the first answer of a worker does not wait for it
    private WorkerBuffers? _buffers; // written once, before the first call
    private WorkerFunctionBody?[] _functions = new WorkerFunctionBody?[8];
    private volatile bool _busy; // a handler is running; cleared under _readGate

    public WorkerLoop(WorkerEndpoint endpoint, IFunctionSource source)
    {
        _endpoint = endpoint;
        _source = source;
        _reader = new FrameReader(endpoint.Read);
        _output = new WorkerOutput(endpoint);
    }

    /// <summary>Gets a value indicating whether the next frame is here already.</summary>
    private bool IsMoreHere => _early is { Count: > 0 } || _reader.HasFrame;

    public void Run()
    {
        StartWatchingThePool();
        Serve();
    }

    /// <summary>Serves until the connection ends.</summary>
    public void Serve()
    {
        if (!Handshake())
            return;
        while (TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
        {
            if (header.Type == FrameType.Define)
                Define(header.Function, WireStrings.Read(payload));
            else if (header.Type == FrameType.Call)
                Call(header, payload, _functions[header.Function]!);
            else if (header.Type == FrameType.Rehearse)
                Rehearse(header, payload);
            if (!IsMoreHere)
                _output.Flush();
        }

        _source.Dispose();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _memory?.Dispose();
        _output.Dispose();
        _buffers?.Dispose();
    }

    /// <summary>Asks the pool for shared memory. Any thread of the running handler may; the main thread reads nothing meanwhile.</summary>
    public SharedBuffer Rent(ulong callId, int bytes)
    {
        WorkerBuffers buffers = _buffers ?? throw new PlatformNotSupportedException("Shared buffers need Linux. On this system write a file and return its path.");
        lock (_readGate)
        {
            if (!_busy)
                throw new InvalidOperationException("A shared buffer was asked for after its call had ended. Rent it before the handler returns.");
            Span<byte> request = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(request, bytes);
            _output.Add(new FrameHeader(request.Length, FrameType.Rent, 0, 0, callId), request, flush: true);
            while (_reader.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
            {
                if (header.Type == FrameType.Rented)
                    return buffers.Rented(WireStrings.Read(payload), bytes);
                (_early ??= new Queue<EarlyFrame>()).Enqueue(new EarlyFrame(header, payload.ToArray()));
            }
        }

        throw new IOException("The pool is gone."); // and so is this process, in a moment
    }

    private bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        if (_early is null || !_early.TryDequeue(out EarlyFrame? early))
            return _reader.TryRead(out header, out payload);
        header = early.Header;
        payload = early.Payload;
        return true;
    }

    private void StartWatchingThePool()
    {
        Thread main = Thread.CurrentThread;
        Thread watch = new(() =>
        {
            _endpoint.WaitForEnd();

            // The pool closes the connection of idle workers only: if a handler runs now, the pool's process is dead. An idle worker
            // cleans up and ends by itself; while the pool lives, it watches how long that takes.
            if (_busy || (!main.Join(s_cleanUpLimit) && !_endpoint.IsPoolAlive()))
                _endpoint.Abandon();
        }, 128 * 1024)
        {
            IsBackground = true,
            Name = "Pipeline pool watch",
        };
        watch.Start();
    }

    private bool Handshake()
    {
        if (!_reader.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload) || header.Type != FrameType.Start)
            return false;
        string?[] start = WireStrings.Read(payload);
        bool sameFile = Protocol.IsSameFile(payload);
        try
        {
            if (start is [_, _, _, string bytes, ..])
                _buffers = new WorkerBuffers(_endpoint.OpenBuffers(long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture)));

            // A wrong version is the pool's to report: it knows the command line that led here.
            _source.Initialize(start[2]);
        }
        catch (Exception error)
        {
            byte[] failure = RemoteError.Write(error);
            _output.Add(new FrameHeader(failure.Length, FrameType.StartFailed, 0, 0, 0), failure, flush: true);
            return false;
        }

        byte[] ready = sameFile ? [] : WireStrings.Write(Protocol.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), Protocol.BuildIdentity);
        _output.Add(new FrameHeader(ready.Length, FrameType.Ready, 0, 0, 0), ready, flush: true);
        return true;
    }

    private void Define(ushort number, string?[] definition)
    {
        if (number >= _functions.Length)
            Array.Resize(ref _functions, number + 8);
        try
        {
            _functions[number] = _source.Resolve(definition);
        }
        catch (Exception error)
        {
            _functions[number] = new UnresolvedFunction(error);
        }
    }

    private void Rehearse(FrameHeader header, ReadOnlySpan<byte> sample)
    {
        try
        {
            Rehearsal.Run(_functions[header.Function]!, sample);
            Call(header, [], new EmptyFunction());
        }
        catch (Exception)
        {
            // What fails here fails in the call too, where somebody is told.
        }
    }

    private void Call(FrameHeader header, ReadOnlySpan<byte> payload, WorkerFunctionBody function)
    {
        long start = Stopwatch.GetTimestamp();
        if (_endpoint.Page is ControlPage page && !page.TryClaim(header.CallId, start))
            return;
        _busy = true;
        _endpoint.PollMicroseconds = header.Microseconds;
        WorkerCallContext context = new(header.Attempt, _output, header.CallId, this);
        PayloadWriter? result = null;
        byte[]? failure = null;
        SharedTransfer? outer = SharedTransfer.Enter(_buffers);
        try
        {
            result = function.Invoke(payload, context);
        }
        catch (Exception error)
        {
            failure = RemoteError.Write(error);
        }

        SharedTransfer.Enter(outer);
        _endpoint.Page?.MarkFinished(header.CallId);
        lock (_readGate)
            _busy = false;
        long end = Stopwatch.GetTimestamp();
        double microseconds = Stopwatch.GetElapsedTime(start, end).TotalMicroseconds;
        ReadOnlySpan<byte> answer = failure ?? result!.Written;
        FrameHeader reply = new(
            answer.Length, failure is null ? FrameType.Result : FrameType.Failure, header.Attempt, header.Function, header.CallId,
            (float)microseconds, _memory?.ReadIfDueKiB(microseconds, end) ?? 0);
        _output.Add(reply, answer, flush: microseconds > ShareWriteMicroseconds || !IsMoreHere);
        result?.Release();
        if (_memory is null)
        {
            _memory = new ResidentMemory();
            _ = _memory.ReadKiB(); // so that a rehearsal has compiled it
        }
    }

    private sealed record EarlyFrame(FrameHeader Header, byte[] Payload);
}
