using System.Globalization;

namespace Pipeline.Processes;

/// <summary>Starts worker processes and tells them what they are for. Immutable; any thread may use it.</summary>
internal sealed class WorkerStarter
{
    private readonly WorkerCommand _command;
    private readonly WorkerCommand _urgentCommand;
    private readonly string? _initializer;
    private readonly TimeProvider _clock;
    private readonly SharedBufferPool? _buffers;
    private readonly float _pollMicroseconds;

    /// <param name="options">The settings of the pool.</param>
    /// <param name="buffers">What workers share; null where nothing can be shared.</param>
    public WorkerStarter(ProcessPoolOptions options, SharedBufferPool? buffers)
    {
        _command = options.Launch.Resolve(options.Environment, options.WorkingDirectory, options.MemoryLimitBytes);
        _urgentCommand = _command.AsUrgent();
        _initializer = options.Launch.Initializer;
        _clock = options.TimeProvider;
        _buffers = buffers;

        // On one processor, polling would keep the other side from running.
        _pollMicroseconds = Environment.ProcessorCount > 1 ? (float)options.BusyPollLimit.TotalMicroseconds : 0;
    }

    /// <summary>Starts a process. Only on the <see cref="SpawnThread"/>.</summary>
    public PoolWorker Start(bool isUrgent)
    {
        WorkerConnection connection = WorkerConnection.Start(isUrgent ? _urgentCommand : _command, _buffers);
        return new PoolWorker(connection, new RequestSender(connection, _pollMicroseconds), _clock.GetTimestamp());
    }

    /// <summary>Sends a worker its first frame.</summary>
    public void Greet(PoolWorker worker)
    {
        string? bytes = worker.Connection.SharesBuffers ? _buffers?.AddressSpaceBytes.ToString(CultureInfo.InvariantCulture) : null;
        worker.Sender.Write(FrameType.Start, 0, Protocol.WriteStart(Protocol.BuildIdentity, _initializer, bytes));
    }
}
