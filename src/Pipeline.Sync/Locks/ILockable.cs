namespace Pipeline.Sync;

/// <summary>Something that a <see cref="LockSet"/> can take: a lock, one side of a reader-writer lock, or permits of a cross-process semaphore.</summary>
/// <remarks>Implemented by this library only: taking a lock without the order check is not possible from outside.</remarks>
public interface ILockable
{
    /// <summary>Gets the name that messages show and that orders locks of the same level.</summary>
    string Name { get; }

    /// <summary>Gets the place in the order.</summary>
    /// <value>Null for a semaphore that was opened without a level: it can be held only alone.</value>
    LockLevel? Level { get; }

    /// <summary>Gets the object that is locked: the same for both sides of a reader-writer lock.</summary>
    internal object Resource { get; }

    /// <summary>Gets how much is asked for, to find the stronger of two requests for one resource.</summary>
    internal int Strength { get; }

    /// <summary>Gets a number that orders different resources of the same level and name in this process.</summary>
    internal long Number { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Gets what the permits are for, as the caller said; empty for everything else.</summary>
    internal string Purpose => "";

    /// <summary>Gets what the wait-for graph needs to know when this is waited for.</summary>
    internal WaitTarget Target { get; }

    /// <summary>Takes it if it is free, without waiting. Who is ready to wait afterwards does not overtake those who wait already.</summary>
    internal bool TryEnter(IAcquisition holder, bool isOnlyTry, out object? lease);

    /// <summary>Waits for it. Called only after <see cref="TryEnter"/> failed, inside an entry of the wait registry.</summary>
    internal ValueTask<LockGrant> EnterAsync(IAcquisition holder, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Gives it back. Never waits and never throws for a lock that is held.</summary>
    internal void Exit(IAcquisition holder, object? lease);
}
