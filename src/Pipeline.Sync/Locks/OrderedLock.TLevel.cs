using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>An exclusive lock whose level is a type: taking two in the wrong order does not compile.</summary>
/// <typeparam name="TLevel">Its level.</typeparam>
/// <remarks>
/// For a fixed set of locks. Everything else is as with <see cref="OrderedLock"/>, and the ranks are checked at run time too. Thread-safe; the inner lock
/// guards itself.
/// </remarks>
public sealed class OrderedLock<TLevel>
    where TLevel : ILockLevel
{
    /// <summary>Initializes a lock.</summary>
    /// <param name="name">Its name in messages.</param>
    public OrderedLock(string name) => Untyped = new OrderedLock(TLevel.Level, name);

    /// <summary>Gets the same lock for use in a <see cref="LockSet"/>.</summary>
    public OrderedLock Untyped { get; }

    /// <summary>Takes this lock first.</summary>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero for one try.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The held lock; dispose it.</returns>
    /// <inheritdoc cref="LockSet.AcquireAsync(TimeSpan, ILockable, ILockable, CancellationToken, string, string, int)" path="/exception"/>
    public ValueTask<Held<TLevel>> AcquireAsync(TimeSpan timeout, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Held<TLevel>.From(LockSet.AcquireAsync(timeout, Untyped, cancellationToken, member, file, line));
}
