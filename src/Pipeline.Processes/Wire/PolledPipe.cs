using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>
/// The reading end of a pipe between a pool and a worker. If the other side runs on another processor and is about to write, the reader looks for a moment
/// before it sleeps: waking a thread on a processor that has gone to sleep takes longer than a short call.
/// </summary>
/// <remarks>One thread at a time reads; any thread sets <see cref="SetPoll"/>.</remarks>
internal sealed class PolledPipe(int descriptor, PipeProgress writer)
{
    private readonly int _descriptor = descriptor;
    private readonly PipeProgress _writer = writer;
    private BackOff _polling;
    private long _read;
    private volatile float _pollMicroseconds;

    /// <summary>Sets how long the next reads may look before they sleep; 0 for not at all.</summary>
    public void SetPoll(float microseconds) => _pollMicroseconds = microseconds;

    /// <summary>Waits for bytes.</summary>
    /// <returns>Bytes read; 0 at the end of the stream.</returns>
    public int Read(Span<byte> destination)
    {
        if (_pollMicroseconds > 0 && _polling.ShouldTry() && !_writer.IsWriterHere)
            _polling.Note(Poll());
        int count = Libc.ReadSome(_descriptor, destination);
        _read += count;
        return count;
    }

    private bool Poll()
    {
        long end = Stopwatch.GetTimestamp() + (long)(_pollMicroseconds * Stopwatch.Frequency / 1e6);
        do
        {
            if (_writer.IsAheadOf(_read))
                return true;
            Thread.SpinWait(4);
        }
        while (Stopwatch.GetTimestamp() < end);
        return false;
    }
}
