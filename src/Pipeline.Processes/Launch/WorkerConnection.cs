namespace Pipeline.Processes;

/// <summary>A running worker process and the private connection to it. Reading belongs to one thread; the rest may be called from any.</summary>
internal abstract class WorkerConnection
{
    /// <summary>Gets the id of the process. It stays reserved until <see cref="WaitForExit"/> has returned.</summary>
    public abstract int ProcessId { get; }

    /// <summary>Gets the page shared with the worker; null where the platform has none, which limits a worker to one call in flight.</summary>
    public abstract ControlPage? Page { get; }

    /// <summary>Gets a value indicating whether the worker has the memory for shared buffers.</summary>
    public virtual bool SharesBuffers => false;

    /// <summary>Gets what the process writes to standard output.</summary>
    public abstract Stream StandardOutput { get; }

    /// <summary>Gets what the process writes to standard error.</summary>
    public abstract Stream StandardError { get; }

    /// <summary>Sets how long the next reads may look for an answer before they sleep; 0 for not at all. Any thread may.</summary>
    public virtual void SetPoll(float microseconds)
    {
        // This transport tells nothing before it is read.
    }

    /// <summary>Waits for bytes of the worker.</summary>
    /// <returns>Bytes read; 0 when the worker is gone.</returns>
    public abstract int Read(Span<byte> destination);

    /// <summary>Sends two parts as one; waits while the connection is full.</summary>
    /// <returns>False when the worker is gone; the reader learns it as well.</returns>
    public abstract bool Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    /// <summary>Closes the sending side; an idle worker ends when it has read everything.</summary>
    public abstract void CloseWrite();

    /// <summary>Ends the process at once. Does nothing when it has ended.</summary>
    public abstract void Kill();

    /// <summary>Waits until the process has ended and releases the connection, the output streams excepted. Called once, by the reading thread.</summary>
    public abstract WorkerExit WaitForExit();

    /// <summary>Starts a worker with the transport of this platform.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="buffers">What the worker shares; null where nothing can be shared.</param>
    public static WorkerConnection Start(WorkerCommand command, SharedBufferPool? buffers) =>
        OperatingSystem.IsLinux() && !(AppContext.TryGetSwitch("Pipeline.Processes.PortableTransport", out bool portable) && portable)
            ? LinuxWorkerConnection.Start(command, buffers)
            : PortableWorkerConnection.Start(command);
}
