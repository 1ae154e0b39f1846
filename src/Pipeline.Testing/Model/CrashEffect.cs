namespace Pipeline.Testing;

/// <summary>What the death of a participant does to what it holds.</summary>
public enum CrashEffect
{
    /// <summary>It stays taken: the record of who holds it lives in ordinary memory or in a file.</summary>
    StaysHeld,

    /// <summary>The operating system gives it back, as with a kernel file lock.</summary>
    ReturnedByKernel,
}
