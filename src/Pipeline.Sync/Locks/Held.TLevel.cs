using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>A held lock of a known level: the token for taking a further one of a level that comes after it.</summary>
/// <typeparam name="TLevel">The level that is held.</typeparam>
/// <remarks>Disposing it gives the lock back; twice is harmless. Thread-safe; the held locks guard themselves.</remarks>
public sealed class Held<TLevel> : IDisposable, IAsyncDisposable
    where TLevel : ILockLevel
{
    private readonly HeldLocks _held;

    private Held(HeldLocks held) => _held = held;

    /// <summary>Gets a value indicating whether the lock is still held.</summary>
    public bool IsHeld => _held.IsHeld;

    /// <summary>Takes a lock of a later level while this one is held. A lock of an earlier level does not compile.</summary>
    /// <typeparam name="TNext">The level of the further lock, declared to come after <typeparamref name="TLevel"/>.</typeparam>
    /// <param name="next">The further lock.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The further lock. Dispose it before this one.</returns>
    /// <inheritdoc cref="HeldLocks.ThenAsync" path="/exception"/>
    public ValueTask<Held<TNext>> ThenAsync<TNext>(OrderedLock<TNext> next, TimeSpan timeout, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TNext : ILevelAfter<TLevel>
    {
        ArgumentNullException.ThrowIfNull(next);
        return Held<TNext>.From(_held.ThenAsync(next.Untyped, timeout, cancellationToken, member, file, line));
    }

    /// <summary>Gives the lock back. Never waits.</summary>
    public void Dispose() => _held.Dispose();

    /// <summary>Gives the lock back. Never waits.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync() => _held.DisposeAsync();

    internal static ValueTask<Held<TLevel>> From(ValueTask<HeldLocks> acquiring)
    {
        // Not an async method: the ambient record of what this flow holds was set in the caller's own context and stays there.
        return acquiring.IsCompletedSuccessfully ? new(new Held<TLevel>(acquiring.Result)) : FinishAsync(acquiring);

        static async ValueTask<Held<TLevel>> FinishAsync(ValueTask<HeldLocks> acquiring) => new(await acquiring.ConfigureAwait(false));
    }
}
