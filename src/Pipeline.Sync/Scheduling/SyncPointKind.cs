namespace Pipeline.Sync;

/// <summary>What a participant is about to do at a <see cref="SyncPoint"/>.</summary>
/// <remarks>Two steps can only influence each other when they name the same resource and at least one of them is not <see cref="Read"/>.</remarks>
public enum SyncPointKind
{
    /// <summary>Reads shared state and changes nothing.</summary>
    Read = 0,

    /// <summary>Overwrites shared state with a value that was computed earlier.</summary>
    Write = 1,

    /// <summary>Reads, changes and writes shared state in one atomic step.</summary>
    Update = 2,

    /// <summary>Tries to take a lock or a permit; follows up with <see cref="SyncPoint.WaitUntil"/> when it is busy.</summary>
    Acquire = 3,

    /// <summary>Gives back a lock or a permit.</summary>
    Release = 4,

    /// <summary>Appends to a file: visible to other processes at once, lost at power failure until <see cref="Flush"/>.</summary>
    Append = 5,

    /// <summary>Forces earlier appends to the disk.</summary>
    Flush = 6,

    /// <summary>Makes a finished result visible to others under its final name (an atomic rename or a commit).</summary>
    Publish = 7,
}
