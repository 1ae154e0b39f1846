namespace Pipeline.Processes;

/// <summary>A connection within one process: it reads what a pool sends first, and checks only that no answer is a failure.</summary>
internal sealed class WarmUpEndpoint(byte[] requests) : WorkerEndpoint
{
    private int _read;

    public override ControlPage? Page => null;

    public override void Dispose()
    {
    }

    public override SharedArena OpenBuffers(long bytes) => throw new NotSupportedException("A warm-up shares no buffers.");

    public override int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, requests.Length - _read);
        requests.AsSpan(_read, count).CopyTo(destination);
        _read += count;
        return count;
    }

    public override bool Write(ReadOnlySpan<byte> source)
    {
        FrameType answer = FrameHeader.Read(source).Type;
        return answer is FrameType.Ready or FrameType.Result ? true : throw new InvalidOperationException($"The answer was {answer}.");
    }

    public override void WaitForEnd()
    {
    }

    public override bool IsPoolAlive() => true;

    public override void Abandon()
    {
    }
}
