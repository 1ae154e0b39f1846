using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>One call on its way through a pool. Fields are guarded by the supervisor's lock unless they say otherwise.</summary>
[DebuggerDisplay("Call {Id} of {Function.Name}: attempt {Attempts}, {Deaths} deaths, ended: {IsEnded}")]
internal abstract class PoolCall
{
    private LinkedListNode<PoolCall>? _place; // guarded by the supervisor's lock

    private protected PoolCall(
        PoolFunction function,
        PayloadWriter payload,
        CallBuffers buffers,
        WorkerCallOptions? options,
        bool continuesInline,
        CancellationToken cancellationToken)
    {
        Buffers = buffers;
        ContinuesInline = continuesInline;
        Function = function;
        Payload = payload.Written.ToArray();
        payload.Release();
        Deadline = options?.Deadline;
        Item = options?.Item;
        Progress = options?.Progress;
        CancellationToken = cancellationToken;
    }

    public PoolFunction Function { get; }

    /// <summary>Gets the request. Never changes: an attempt that a slow thread still writes must not see the next one.</summary>
    public byte[] Payload { get; }

    /// <summary>Gets the shared memory that the call holds.</summary>
    public CallBuffers Buffers { get; }

    public TimeSpan? Deadline { get; }
    public string? Item { get; }

    /// <summary>Gets what the call is about, for logs.</summary>
    public string Subject => Item ?? Function.Name;

    public IProgress<WorkerProgress>? Progress { get; }
    public CancellationToken CancellationToken { get; }

    /// <summary>Gets or sets what listens to the token. Written once, before the call is submitted.</summary>
    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>Gets the call's place in the queue, made when it first waits.</summary>
    public LinkedListNode<PoolCall> Place => _place ??= new LinkedListNode<PoolCall>(this);

    /// <summary>Gets a value indicating whether the call stands in the queue.</summary>
    public bool IsQueued => _place?.List is not null;

    /// <summary>Gets or sets the worker that has the call; null while it waits and after it has ended.</summary>
    public PoolWorker? Worker { get; set; }

    public ulong Id { get; set; }

    /// <summary>Gets or sets how often the call was handed to a worker; a death before the worker began does not count.</summary>
    public int Attempts { get; set; }

    public int Deaths { get; set; }

    /// <summary>Gets or sets why the call's worker is being killed; the call ends when the worker is dead.</summary>
    public CallEnding PendingEnd { get; set; }

    /// <summary>Gets or sets a value indicating whether the call has an outcome. Set once.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Gets or sets a value indicating whether the call waits for the verdict on its dead worker.</summary>
    public bool IsSuspect { get; set; }

    public ITimer? DeadlineTimer { get; set; }

    /// <summary>Gets a value indicating whether <see cref="SetResult"/> runs the code that waits for the result.</summary>
    public bool ContinuesInline { get; }

    /// <summary>Reads the result; <see cref="SetResult"/> follows. Called once, outside of the lock, as are the others.</summary>
    /// <returns>False when it does not fit its type; the call has failed then.</returns>
    public abstract bool TryReadResult(ReadOnlySpan<byte> payload);

    /// <summary>Completes with the result that was read.</summary>
    public abstract void SetResult();

    public abstract void SetException(Exception error);

    public abstract void SetCanceled();

    /// <summary>Drops what an ended call holds.</summary>
    private protected void CleanUp()
    {
        // Unregister does not wait for a callback that is running; that one finds the call ended.
        Registration.Unregister();
        DeadlineTimer?.Dispose();
        Buffers.Release();
    }
}
