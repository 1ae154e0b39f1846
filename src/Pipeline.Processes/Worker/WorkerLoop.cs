using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>The life of a worker process: handshake, initialization, then one call after another on the main thread.</summary>
internal sealed class WorkerLoop : IDisposable
{
    private static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromMilliseconds(800);

    // An answer waits for company only while the calls before it were shorter than this.
    private const double ShareWriteMicroseconds = 20;

    private readonly WorkerEndpoint _endpoint;
    private readonly WorkerInput _input;
    private readonly WorkerOutput _output;
    private readonly IFunctionSource _source;
    private ResidentMemory? _memory; // made after the first call: the first answer of a worker does not wait for it
    private WorkerFunctionBody?[] _functions = new WorkerFunctionBody?[8];

    public WorkerLoop(WorkerEndpoint endpoint, IFunctionSource source)
    {
        _endpoint = endpoint;
        _source = source;
        _output = new WorkerOutput(endpoint);
        _input = new WorkerInput(endpoint, _output);
    }

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
        while (_input.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
        {
            if (header.Type == FrameType.Define)
                Define(header.Function, WireStrings.Read(payload));
            else if (header.Type == FrameType.Call)
                Call(header, payload, _functions[header.Function]!);
            else if (header.Type == FrameType.Rehearse)
                Rehearse(header, payload);
            if (!_input.HasFrame)
                _output.Flush();
        }

        _source.Dispose();
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _output.Dispose();
        _input.Dispose();
    }

    private void StartWatchingThePool()
    {
        Thread main = Thread.CurrentThread;
        Thread watch = new(() =>
        {
            _endpoint.WaitForEnd();

            // The pool closes the connection of idle workers only: if a handler runs now, the pool's process is dead. An idle worker cleans up and ends by
            // itself; while the pool lives, it watches how long that takes.
            if (_input.IsCallRunning || (!main.Join(s_cleanUpLimit) && !_endpoint.IsPoolAlive()))
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
        if (!_input.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload) || header.Type != FrameType.Start)
            return false;
        string?[] start = WireStrings.Read(payload);
        bool sameFile = Protocol.IsSameFile(payload);
        try
        {
            if (start is [_, _, _, { } bytes, ..])
                _input.Buffers =
                    new WorkerBuffers(_endpoint.OpenBuffers(long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture)));

            // A wrong version is the pool's to report: it knows the command line that led here.
            _source.Initialize(start[2]);
        }
        catch (Exception error)
        {
            byte[] failure = RemoteError.Write(error);
            _output.Add(new FrameHeader(failure.Length, FrameType.StartFailed, 0, 0, 0), failure, flush: true);
            return false;
        }

        byte[] ready = sameFile
            ? []
            : WireStrings.Write(Protocol.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), Protocol.BuildIdentity);
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
            ReadOnlySpan<byte> request = Rehearsal.Split(sample, out ReadOnlySpan<byte> result);
            _functions[header.Function]!.Rehearse(request, result);
            using EmptyFunction nothing = new();
            Call(header, [], nothing);
        }
        catch (Exception)
        {
            // What fails here fails in the call too, and its caller is told.
        }
    }

    private void Call(FrameHeader header, ReadOnlySpan<byte> payload, WorkerFunctionBody function)
    {
        long start = Stopwatch.GetTimestamp();
        if (_endpoint.Page is { } page && !page.TryClaim(header.CallId, start))
            return;
        _input.BeginCall();
        _endpoint.SetPoll(header.Microseconds);
        WorkerCallContext context = new(header.Attempt, _input, _output, header.CallId);
        PayloadWriter? result = null;
        byte[]? failure = null;
        SharedTransfer? outer = SharedTransfer.Enter(_input.Buffers);
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
        _input.EndCall();
        long end = Stopwatch.GetTimestamp();
        double microseconds = Stopwatch.GetElapsedTime(start, end).TotalMicroseconds;
        ReadOnlySpan<byte> answer = failure ?? result!.Written;
        FrameHeader reply = new(
            answer.Length, failure is null ? FrameType.Result : FrameType.Failure, header.Attempt, header.Function, header.CallId,
            (float)microseconds, _memory?.ReadIfDueKiB(microseconds, end) ?? 0);
        _output.Add(reply, answer, flush: microseconds > ShareWriteMicroseconds || !_input.HasFrame);
        result?.Release();
        if (_memory is null)
        {
            _memory = new ResidentMemory();
            _ = _memory.ReadKiB(); // so that a rehearsal has compiled it
        }
    }
}
