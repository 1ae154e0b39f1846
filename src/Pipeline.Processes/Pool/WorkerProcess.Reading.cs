using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Processes;

/// <summary>The reading side: handshake, answers, the end.</summary>
/// <remarks>
/// One thread at a time reads. A result may let it run code of the caller (<see cref="InlineContinuations"/>). Until it comes back it is away, and <see cref="ReaderWatch"/> may have a new
/// thread read on: that code may take its time, or even wait for the next result. Whoever resets <c>_awaySince</c> is the reading thread from then on.
/// </remarks>
internal sealed partial class WorkerProcess
{
    private static readonly TimeSpan s_outputLimit = TimeSpan.FromMilliseconds(250);

    private readonly FrameReader _frames; // the reading thread only, as are the two below
    private bool _ready;
    private Exception? _startError;
    private long _awaySince; // Interlocked only; a Stopwatch timestamp, 0 while the reading thread reads

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

    private void StartReading(ThreadStart read) => new Thread(read) { IsBackground = true, Name = $"Pipeline worker {ProcessId}" }.Start();

    private void ReadFirst()
    {
        try
        {
            _ready = Handshake(out _startError);
        }
        catch (InvalidDataException error)
        {
            Break(error);
        }

        if (_ready)
        {
            ReaderWatch.Add(this);
            _supervisor.OnReady(this);
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
                if (_supervisor.OnFrame(this, header, payload) is PoolCall call && !CompleteHere(call))
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
        Interlocked.Exchange(ref _awaySince, now);
        ReaderWatch.Note();
        InlineContinuations.ForgetCalls();
        call.SetResult();
        call.Function.Continuations.NoteContinuation(now);
        return Interlocked.CompareExchange(ref _awaySince, 0, now) == now;
    }

    private void Break(InvalidDataException error)
    {
        _startError = error;
        _supervisor.OnBroken(this, error.Message);
    }

    private void End()
    {
        ReaderWatch.Remove(this);
        _frames.Dispose();
        List<PoolCall> suspects = _supervisor.OnConnectionLost(this);
        _connection.Kill();
        WorkerExit exit = _connection.WaitForExit();
        _connection.Page?.Dispose();
        _memory?.Dispose(); // nobody measures a dead worker
        _ = FinishAsync(suspects, exit); // awaited through Gone
    }

    private async Task FinishAsync(List<PoolCall> suspects, WorkerExit exit)
    {
        // Processes that a handler started may keep the output open; the end of this worker does not wait for them.
        await Task.WhenAny(_pumps, Task.Delay(s_outputLimit)).ConfigureAwait(false);
        if (_ready)
            _supervisor.OnExited(this, suspects, exit);
        else
            _supervisor.OnStartFailed(this, exit, _startError);
        _gone.SetResult();
    }

    private bool Handshake(out Exception? error)
    {
        error = null;
        if (!_frames.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
            return false;
        if (header.Type == FrameType.StartFailed)
        {
            error = RemoteError.Read(payload, "initialization");
            return false;
        }

        if (header.Type == FrameType.Ready && payload.IsEmpty)
            return true;
        string?[] ready = WireStrings.Read(payload);
        string version = Protocol.Version.ToString(CultureInfo.InvariantCulture);
        if (header.Type != FrameType.Ready || ready is not [string itsVersion, string itsBuild] || itsVersion != version || itsBuild != Protocol.BuildIdentity)
        {
            error = new WorkerStartException(
                $"Worker process {ProcessId} speaks protocol {(ready.Length > 0 ? ready[0] : "?")} of build '{(ready.Length > 1 ? ready[1] : "?")}', "
                + $"the pool protocol {version} of build '{Protocol.BuildIdentity}'. Start workers from the same build of the application.");
            return false;
        }

        return true;
    }
}
