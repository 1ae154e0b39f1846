namespace Pipeline.Sync;

/// <summary>A lock level as a type, so that the compiler checks the order. Implement it with an empty struct.</summary>
public interface ILockLevel
{
    /// <summary>Gets the level.</summary>
    static abstract LockLevel Level { get; }
}
