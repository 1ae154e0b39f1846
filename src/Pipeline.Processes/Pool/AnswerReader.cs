using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Processes;

/// <summary>The reading side of a connection to a worker: handshake, answers, the end.</summary>
/// <remarks>
/// One thread at a time reads, and everything but <c>_awaySince</c> is that thread's. A result may let it run code of the caller
/// (<see cref="InlineContinuations"/>). Until it comes back it is away, and <see cref="ReaderWatch"/> may have a new thread read on: that code may take its
/// time, or even wait for the next result. The thread that resets <c>_awaySince</c> is the reading thread from then on.
/// </remarks>
#pragma warning disable CA1001 // the reading thread disposes what it reads with, at the end of the worker
internal sealed class AnswerReader
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_outputLimit = TimeSpan.FromMilliseconds(250);

    private readonly Supervisor _supervisor;
    private readonly PoolWorker _worker;
    private readonly OutputTail _error;
    private readonly Task[] _pumps;
    private readonly FrameReader _frames;
    private bool _isReady;
    private Exception? _startError;
    private long _awaySince; // Interlocked only; a Stopwatch timestamp, 0 while the reading thread reads

    /// <summary>Begins to read what the worker writes, output included.</summary>
    public AnswerReader(Supervisor supervisor, PoolWorker worker, ProcessPoolLog log, int tailBytes)
    {
        _supervisor = supervisor;
        _worker = worker;
        _frames = new FrameReader(worker.Connection.Read);
        int process = worker.ProcessId;
        OutputTail output = new(0, line => log.StandardOutput(process, line));
        _error = new OutputTail(tailBytes, line => log.StandardError(process, line));
        _pumps = [output.PumpAsync(worker.Connection.StandardOutput), _error.PumpAsync(worker.Connection.StandardError)];
        StartReading(ReadFirst);
    }

    /// <summary>Has another thread read on, if the reading thread has been away for a time.</summary>
    /// <returns>Whether it was away.</returns>
    public bool ReplaceReaderIfAway(TimeSpan limit)
    {
        long since = Volatile.Read(ref _awaySince);
        if (since == 0)
            return false;
        if (Stopwatch.GetElapsedTime(since) > limit && Interlocked.CompareExchange(ref _awaySince, 0, since) == since)
            StartReading(ReadOn);
        return true;
    }

    private void StartReading(ThreadStart read) =>
        new Thread(read) { IsBackground = true, Name = $"Pipeline worker {_worker.ProcessId}" }.Start();

    private void ReadFirst()
    {
        try
        {
            _isReady = Handshake();
        }
        catch (InvalidDataException error)
        {
            Break(error);
        }

        if (_isReady)
        {
            ReaderWatch.Add(this);
            _supervisor.OnReady(_worker);
            ReadOn();
        }
        else
        {
            End();
        }
    }

    private void ReadOn()
    {
        try
        {
            while (_frames.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
            {
                if (_supervisor.OnFrame(_worker, header, payload) is { } call && !CompleteHere(call))
                    return; // another thread reads now
            }
        }
        catch (InvalidDataException error)
        {
            Break(error);
        }

        End();
    }

    /// <summary>Completes a call on the reading thread, with all that waits for it.</summary>
    /// <returns>Whether this is still the reading thread.</returns>
    private bool CompleteHere(PoolCall call)
    {
        long now = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref _awaySince, now); // a full fence: the watch sees it, or is woken by the next line
        ReaderWatch.Note();
        InlineContinuations.ForgetCalls();
        call.SetResult();
        call.Function.Continuations.NoteContinuation(now);
        return Interlocked.CompareExchange(ref _awaySince, 0, now) == now;
    }

    private void Break(InvalidDataException error)
    {
        _startError = error;
        _supervisor.OnBroken(_worker, error.Message);
    }

    private void End()
    {
        ReaderWatch.Remove(this);
        _frames.Dispose();
        List<PoolCall> suspects = _supervisor.OnConnectionLost(_worker);
        _worker.Connection.Kill();
        WorkerExit exit = _worker.Connection.WaitForExit();
        _worker.Release();

        // Processes that a handler started may keep the output open; the end of this worker does not wait for them. Their lines are logged until they close it.
        Task.WaitAll(_pumps, s_outputLimit);
        if (_isReady)
            _supervisor.OnExited(_worker, suspects, exit, _error.ToString());
        else
            _supervisor.OnStartFailed(_worker, exit, _error.ToString(), _startError);
    }

    private bool Handshake()
    {
        if (!_frames.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
            return false;
        if (header.Type == FrameType.StartFailed)
        {
            _startError = RemoteError.Read(payload, "initialization");
            return false;
        }

        if (header.Type == FrameType.Ready && payload.IsEmpty)
            return true; // both run the same file
        string?[] ready = WireStrings.Read(payload);
        string version = Protocol.Version.ToString(CultureInfo.InvariantCulture);
        if (header.Type == FrameType.Ready
            && ready is [{ } itsVersion, { } itsBuild]
            && itsVersion == version
            && itsBuild == Protocol.BuildIdentity)
            return true;
        _startError = new WorkerStartException(
            $"Worker process {_worker.ProcessId} speaks protocol {ready.ElementAtOrDefault(0) ?? "?"} of build "
                + $"'{ready.ElementAtOrDefault(1) ?? "?"}', "
            + $"the pool protocol {version} of build '{Protocol.BuildIdentity}'. Start workers from the same build of the application.");
        return false;
    }
}
