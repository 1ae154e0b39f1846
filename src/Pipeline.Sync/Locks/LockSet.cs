using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>Takes several locks and licenses at once, in the one order of their levels, all or nothing. A program that takes locks only this way cannot
/// deadlock.</summary>
/// <remarks>
/// <para>The order of the arguments has no effect: the set drops duplicates, sorts by level, then name, takes one after the other, and gives everything back
/// when one of them times out, is canceled or fails.</para>
/// <para>A second acquisition while the first is held must be of a higher level; otherwise it is refused at once, also when the lock is free. Separate
/// acquisitions in one flow of control are recognized by an ambient record, which can be switched off with the runtime switch
/// <c>Pipeline.Sync.AmbientLockChecks</c> set to false (it costs about 25 ns); tokens (<see cref="HeldLocks.ThenAsync"/>) are always checked. A task that is
/// started while locks are held counts as part of the flow until they are given back. What an <c>async</c> method acquires and returns still held is not in the
/// record of its caller, because ambient values do not leave an <c>async</c> method: take further locks through the returned token, or acquire in a method that
/// is not <c>async</c>.</para>
/// <para>Thread-safe. Every lock is fair: first come, first served.</para>
/// </remarks>
public static class LockSet
{
    /// <summary>Takes one lock or license.</summary>
    /// <inheritdoc cref="AcquireAsync(TimeSpan, ILockable, ILockable, CancellationToken, string, string, int)"/>
    public static ValueTask<HeldLocks> AcquireAsync(TimeSpan timeout, ILockable first, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockAcquisition.AcquireAsync(first, null, null, timeout, new CallSite(member, file, line), cancellationToken);

    /// <summary>Takes two locks or licenses.</summary>
    /// <param name="timeout">How long to wait for the whole set; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="first">A lock or license; the order of the arguments does not matter.</param>
    /// <param name="second">A lock or license; the order of the arguments does not matter.</param>
    /// <param name="cancellationToken">Stops the waiting. When it is canceled already, nothing is taken, even if it is free.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The held set; dispose it.</returns>
    /// <exception cref="ArgumentException">The set is empty, or a member has no level.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time-out is negative or beyond 45 days.</exception>
    /// <exception cref="LockOrderException">The flow holds a lock of the same or a higher level. Thrown at once, even when the locks are free.</exception>
    /// <exception cref="LockTimeoutException">The time was over; nothing is held.</exception>
    /// <exception cref="DeadlockException">The wait was part of a circle with flows that do not use sets; nothing is held.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing is held.</exception>
    public static ValueTask<HeldLocks> AcquireAsync(
        TimeSpan timeout, ILockable first, ILockable second, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockAcquisition.AcquireAsync(first, NotNull(second), null, timeout, new CallSite(member, file, line), cancellationToken);

    /// <summary>Takes any number of locks or licenses.</summary>
    /// <param name="timeout">How long to wait for the whole set; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="locks">At least one; the order does not matter, duplicates count once.</param>
    /// <param name="cancellationToken">Stops the waiting. When it is canceled already, nothing is taken, even if it is free.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <inheritdoc cref="AcquireAsync(TimeSpan, ILockable, ILockable, CancellationToken, string, string, int)"/>
    public static ValueTask<HeldLocks> AcquireAsync(
        TimeSpan timeout, IEnumerable<ILockable> locks, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockAcquisition.AcquireAsync([.. locks], timeout, new CallSite(member, file, line), cancellationToken);

    /// <summary>Takes one lock or license, and returns what came of it as a value.</summary>
    /// <inheritdoc cref="TryAcquireAsync(TimeSpan, ILockable, ILockable, CancellationToken, string, string, int)"/>
    public static ValueTask<LockResult> TryAcquireAsync(TimeSpan timeout, ILockable first, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockAcquisition.TryAcquireAsync(first, null, timeout, new CallSite(member, file, line), cancellationToken);

    /// <summary>Takes two locks or licenses, and returns what came of it as a value.</summary>
    /// <param name="timeout">How long to wait for the whole set; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="first">A lock or license; the order of the arguments does not matter.</param>
    /// <param name="second">A lock or license.</param>
    /// <param name="cancellationToken">Stops the waiting, also before it begins; the result is then <see cref="LockResult.Canceled"/>.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>Acquired, timed out (with the holders), canceled, refused by the order, or deadlocked.</returns>
    /// <exception cref="ArgumentException">The set is empty, or a member has no level.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time-out is negative or beyond 45 days.</exception>
    public static ValueTask<LockResult> TryAcquireAsync(
        TimeSpan timeout, ILockable first, ILockable second, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockAcquisition.TryAcquireAsync(first, NotNull(second), timeout, new CallSite(member, file, line), cancellationToken);

    /// <summary>Takes any number of locks or licenses, and returns what came of it as a value.</summary>
    /// <param name="timeout">How long to wait for the whole set; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="locks">At least one; the order does not matter, duplicates count once.</param>
    /// <param name="cancellationToken">Stops the waiting, also before it begins; the result is then <see cref="LockResult.Canceled"/>.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <inheritdoc cref="TryAcquireAsync(TimeSpan, ILockable, ILockable, CancellationToken, string, string, int)"/>
    public static ValueTask<LockResult> TryAcquireAsync(
        TimeSpan timeout, IEnumerable<ILockable> locks, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        LockAcquisition.TryAcquireAsync([.. locks], timeout, new CallSite(member, file, line), cancellationToken);

    private static ILockable NotNull(ILockable second)
    {
        ArgumentNullException.ThrowIfNull(second);
        return second;
    }
}
