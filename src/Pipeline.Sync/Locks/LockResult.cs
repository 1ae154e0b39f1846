using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pipeline.Sync;

/// <summary>The outcome of <see cref="LockSet.TryAcquireAsync(TimeSpan, ILockable, ILockable, CancellationToken, string, string, int)"/>: one of the nested
/// types.</summary>
/// <remarks>Disposing it gives back what was acquired, if anything was. Immutable.</remarks>
[SuppressMessage("Design", "CA1063:Implement IDisposable correctly", Justification = "A closed hierarchy without finalizers.")]
[SuppressMessage("Usage", "CA1816:Call GC.SuppressFinalize correctly", Justification = "A closed hierarchy without finalizers.")]
public abstract record LockResult : IDisposable, IAsyncDisposable
{
    private LockResult()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => (this as Acquired)?.Held.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Everything was acquired.</summary>
    /// <param name="Held">What is held; dispose it, or this result.</param>
    public sealed record Acquired(HeldLocks Held) : LockResult;

    /// <summary>The time was over; nothing is held.</summary>
    /// <param name="BlockedOn">The lock that was not free.</param>
    /// <param name="Holders">Who held it when the time was over; empty if it has been given back since.</param>
    /// <param name="Waited">How long the whole acquisition waited.</param>
    public sealed record TimedOut(ILockable BlockedOn, IReadOnlyList<LockHolder> Holders, TimeSpan Waited) : LockResult
    {
        /// <summary>Explains the time-out in a sentence.</summary>
        /// <returns>What was waited for, how long, and who held it.</returns>
        public override string ToString()
        {
            string held = Holders.Count == 0 ? "It has become free since." : string.Join(" ", Holders.Select(holder => holder + "."));
            return string.Create(CultureInfo.InvariantCulture,
                $"'{BlockedOn.Name}' did not become free within {Waited.TotalSeconds:0.###} s; nothing was acquired. {held} "
                + $"Wait longer, or find out why the holder keeps it.");
        }
    }

    /// <summary>The token was canceled; nothing is held.</summary>
    /// <param name="BlockedOn">The lock that was waited for.</param>
    public sealed record Canceled(ILockable BlockedOn) : LockResult;

    /// <summary>The acquisition would break the lock order; nothing was tried and nothing is held.</summary>
    /// <param name="Violation">What was held and what was asked for.</param>
    public sealed record WouldViolateOrder(LockOrderViolation Violation) : LockResult;

    /// <summary>The wait was part of a circle that could not resolve itself; nothing is held.</summary>
    /// <param name="Graph">The circle.</param>
    public sealed record Deadlocked(WaitForGraph Graph) : LockResult;
}
