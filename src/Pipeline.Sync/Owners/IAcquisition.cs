namespace Pipeline.Sync;

/// <summary>What a lock, a permit or the wait-for graph needs to know of the acquisition that asks for it, holds it or waits for it.</summary>
/// <remarks>
/// The contract between locks, semaphores and deadlock detection. Every member may be called on any thread at any time; the answer may be outdated when it is
/// read.
/// </remarks>
internal interface IAcquisition
{
    /// <summary>Gets the owner; an acquisition without one gets a number for a name as soon as this is asked for.</summary>
    LockOwner Owner { get; }

    /// <summary>Gets where it was asked for.</summary>
    CallSite Site { get; }

    /// <summary>Gets what the permits of an acquisition outside a set are for; empty otherwise.</summary>
    string Purpose { get; }

    /// <summary>Gets since when everything is held, or the rest is waited for, and whether that is exact.</summary>
    (DateTimeOffset Since, bool IsExact) Holding { get; }

    /// <summary>Gets what the flow of control held when it asked for this, innermost acquisition first.</summary>
    IEnumerable<LockHolder> OuterHoldings { get; }

    /// <summary>Gives everything back when it is held and is one lock only; false otherwise.</summary>
    bool TryReleaseSingle();
}
