using System.IO.Pipes;

namespace Pipeline.Processes;

/// <summary>The worker's end of the connection to its pool.</summary>
internal abstract class WorkerEndpoint : IDisposable
{
    public abstract ControlPage? Page { get; }

    public abstract void Dispose();

    /// <summary>Sets how long the next reads may look for a request before they sleep; 0 for not at all.</summary>
    public virtual void SetPoll(float microseconds)
    {
        // This transport tells nothing before it is read.
    }

    /// <summary>Opens the memory for shared buffers.</summary>
    public abstract SharedArena OpenBuffers(long bytes);

    public abstract int Read(Span<byte> destination);

    public abstract bool Write(ReadOnlySpan<byte> source);

    /// <summary>Waits until the pool's process has closed the connection or ended.</summary>
    public abstract void WaitForEnd();

    /// <summary>Tells whether the pool's process still runs.</summary>
    public abstract bool IsPoolAlive();

    /// <summary>Ends this process at once, without running anything else.</summary>
    public abstract void Abandon();

    /// <summary>Opens the connection that the arguments of this process name.</summary>
    public static WorkerEndpoint Open(string connection, int poolProcess) =>
        connection == Protocol.Descriptors ? new Descriptors(poolProcess) : new NamedPipe(connection, poolProcess);

    private sealed unsafe class Descriptors : WorkerEndpoint
    {
        private const int Requests = 3;
        private const int Answers = 4;
        private const int PageDescriptor = 5;
        private const int BuffersDescriptor = 6;

        private readonly int _poolProcess;
        private readonly PolledPipe _requests;
        private readonly PipeProgress _answers;
        private long _written; // one thread at a time writes

        public Descriptors(int poolProcess)
        {
            _poolProcess = poolProcess;
            // Processes that a handler starts must not inherit the connection: it would stay open after this worker's death.
            for (int descriptor = Requests; descriptor <= BuffersDescriptor; descriptor++)
                _ = Libc.fcntl(descriptor, Libc.SetDescriptorFlags, 1);
            _ = Libc.prctl(Libc.SetParentDeathSignal, Libc.SigKill, 0, 0, 0);
            if (!IsPoolAlive())
                Abandon(); // the pool died before the signal was set
            Page = ControlPage.Map(PageDescriptor);
            _requests = new PolledPipe(Requests, Page.Requests);
            _answers = Page.Answers;
        }

        public override ControlPage Page { get; }

        public override void Dispose() => Page.Dispose();

        public override SharedArena OpenBuffers(long bytes) => SharedArena.Open(BuffersDescriptor, bytes);

        public override void SetPoll(float microseconds) => _requests.SetPoll(microseconds);

        public override int Read(Span<byte> destination) => _requests.Read(destination);

        public override bool Write(ReadOnlySpan<byte> source)
        {
            if (!Libc.WriteAll(Answers, source))
                return false;
            _written += source.Length;
            _answers.Publish(_written);
            return true;
        }

        public override void WaitForEnd()
        {
            // Without requested events, poll returns only for an error or when the last writer has closed.
            Libc.PollDescriptor entry = new() { Descriptor = Requests };
            while (Libc.poll(&entry, 1, -1) <= 0)
            {
            }
        }

        public override bool IsPoolAlive() => Libc.getppid() == _poolProcess;

        public override void Abandon() => Libc._exit(1);
    }

    private sealed class NamedPipe : WorkerEndpoint
    {
        private readonly NamedPipeClientStream _pipe;
        private readonly System.Diagnostics.Process _pool;

        public NamedPipe(string name, int poolProcess)
        {
            _pool = System.Diagnostics.Process.GetProcessById(poolProcess);
            _pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
            _pipe.Connect(TimeSpan.FromSeconds(30));
        }

        public override ControlPage? Page => null;

        public override SharedArena OpenBuffers(long bytes) => throw new PlatformNotSupportedException("Shared buffers need Linux.");

        public override void Dispose()
        {
            _pipe.Dispose();
            _pool.Dispose();
        }

        public override int Read(Span<byte> destination)
        {
            try
            {
                return _pipe.Read(destination);
            }
            catch (IOException)
            {
                return 0;
            }
        }

        public override bool Write(ReadOnlySpan<byte> source)
        {
            try
            {
                _pipe.Write(source);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        public override void WaitForEnd() => _pool.WaitForExit();

        public override bool IsPoolAlive() => !_pool.HasExited;

        public override void Abandon() => Environment.FailFast(null);
    }
}
