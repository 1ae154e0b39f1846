using System.Globalization;

namespace Pipeline.Sync;

/// <summary>A request for several permits of one semaphore, or for a purpose.</summary>
internal sealed class PermitRequest(CrossProcessSemaphore semaphore, int count, string purpose) : ILockable
{
    public string Name => semaphore.Name;

    public LockLevel? Level => semaphore.Level;

    object ILockable.Resource => semaphore;

    int ILockable.Strength => count;

    long ILockable.Number => ((ILockable)semaphore).Number;

    TimeProvider ILockable.Clock => ((ILockable)semaphore).Clock;

    string ILockable.Purpose => purpose;

    WaitTarget ILockable.Target => semaphore.TargetOf(count);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{count} of {semaphore}");

    bool ILockable.TryEnter(IAcquisition holder, bool isOnlyTry, out object? lease) =>
        semaphore.TryEnter(holder, count, isOnlyTry, out lease);

    ValueTask<LockGrant> ILockable.EnterAsync(IAcquisition holder, TimeSpan timeout, CancellationToken cancellationToken) =>
        semaphore.EnterAsync(holder, count, timeout, cancellationToken);

    void ILockable.Exit(IAcquisition holder, object? lease) => ((PermitLease)lease!).Return();
}
