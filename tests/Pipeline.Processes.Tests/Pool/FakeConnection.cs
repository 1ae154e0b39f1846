namespace Pipeline.Processes.Tests;

/// <summary>The connection to a worker that is no process: has a real control page and notes what the pool does to it.</summary>
internal sealed class FakeConnection(int processId) : WorkerConnection, IDisposable
{
    public bool IsKilled { get; private set; }

    public bool IsClosed { get; private set; }

    public override int ProcessId { get; } = processId;

    public override ControlPage Page { get; } = ControlPage.Create();

    public override Stream StandardOutput => Stream.Null;

    public override Stream StandardError => Stream.Null;

    public override int Read(Span<byte> destination) => 0;

    public override bool Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => true;

    public override void CloseWrite() => IsClosed = true;

    public override void Kill() => IsKilled = true;

    public override WorkerExit WaitForExit() => new(0, null);

    public void Dispose() => Page.Dispose();
}
