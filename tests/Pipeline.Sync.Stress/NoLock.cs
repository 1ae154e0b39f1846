using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync.Stress;

/// <summary>A kernel lock that does nothing: the negative control. With it the storm must fail.</summary>
internal sealed class NoLock : KernelLock
{
    private readonly KernelLock _real = System;
    private int _tries;

    public override SafeFileHandle Open(string path, bool create) => _real.Open(path, create);

    // The start-up probe would notice, as it should; so its second lock is refused here.
    public override bool TryLock(SafeFileHandle handle, string path) =>
        !path.EndsWith("probe", StringComparison.Ordinal) || Interlocked.Increment(ref _tries) % 2 == 1;

    public override void Unlock(SafeFileHandle handle, string path)
    {
    }

    public override bool IsSameFile(SafeFileHandle handle, string path) => true;
}
