namespace Pipeline.Core;

/// <summary>One worker of a node. A carrier thread runs its turns; between <see cref="EngineNode.Begin"/> and <see cref="End"/> no other thread touches it but
/// in <see cref="Revoke"/>.</summary>
internal abstract class NodeWorker
{
    public readonly EngineNode Node;
    public bool NeedsProcessor; // guarded by the run's gate: it gave its processor back while it waits and needs one to go on
    public bool IsChunk; // guarded by the run's gate: the turn began with several items
    public bool IsSeen; // guarded by the run's gate: an inspection has seen this turn under way before
    private readonly Action _resume;

    protected NodeWorker(EngineNode node)
    {
        Node = node;
        _resume = () => Node.Scheduler.Resume(this);
    }

    /// <summary>Gets how long the turn will take, in time stamps; infinite when unknown. Guarded by the run's gate.</summary>
    public double ExpectedCost { get; private protected set; }

    /// <summary>Gets the time stamp that was taken when its code was done; 0 when none was. Written by the worker's thread.</summary>
    public long EndedAt { get; private protected set; }

    /// <summary>Runs or continues the turn outside the gate.</summary>
    /// <returns>True when the turn is over; false when it waits for something asynchronous and will be resumed.</returns>
    public abstract bool Run();

    /// <summary>Ends the turn under the gate: hands results on and gives room and budget back.</summary>
    public abstract void End(long now);

    /// <summary>Hands on what a long turn has finished and takes away what it has not begun. Called under the gate, from another thread than the
    /// worker's.</summary>
    public virtual void Revoke(long now)
    {
    }

    /// <summary>Has the turn resumed when a task is over. The caller touches nothing afterwards: another thread may go on already.</summary>
    public void ResumeAfter<T>(in ValueTask<T> task) => task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_resume);

    /// <inheritdoc cref="ResumeAfter{T}(in ValueTask{T})"/>
    public void ResumeAfter(Task task) => task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_resume);
}
