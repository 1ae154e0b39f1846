using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Sync;

/// <summary>Held permits of a <see cref="CrossProcessSemaphore"/>. Disposing it gives them back; the death of the process does so too.</summary>
/// <remarks>
/// <para>Thread-safe. Disposing it twice is harmless. A lease that is collected without having been disposed is reported as a leak (event source
/// <c>Pipeline-Sync</c> and <see cref="CrossProcessSemaphoreOptions.Leaked"/>), and its permits come back then.</para>
/// <para>Locking rule: one interlocked flag decides who gives back.</para>
/// </remarks>
[DebuggerDisplay("{Permits.Count} permits, held {IsHeld}, acquired at {Site}")]
public sealed class PermitLease : IDisposable, IAsyncDisposable
{
    private readonly CrossProcessSemaphore _semaphore;
    private readonly IAcquisition _holder;
    private int _returned; // Interlocked

    internal PermitLease(CrossProcessSemaphore semaphore, IAcquisition holder, IReadOnlyList<int> permits)
    {
        _semaphore = semaphore;
        _holder = holder;
        Permits = permits;
    }

    /// <summary>Reports the leak and gives the permits back.</summary>
    ~PermitLease()
    {
        if (Volatile.Read(ref _returned) == 0)
            _semaphore.Leak(this);
    }

    /// <summary>Gets the numbers of the held permits.</summary>
    public IReadOnlyList<int> Permits { get; }

    /// <summary>Gets a value indicating whether the permits are still held.</summary>
    public bool IsHeld => Volatile.Read(ref _returned) == 0 && !_semaphore.IsDisposed;

    /// <summary>Gets where the permits were acquired.</summary>
    public CallSite Site => _holder.Site;

    internal IAcquisition Holder => _holder;

    /// <summary>Gives the permits back. Never waits.</summary>
    public void Dispose()
    {
        if (!_holder.TryReleaseSingle()) // acquired alone, the acquisition ends with its only lease
            Return();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the permits back. Never waits.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [SuppressMessage("Usage", "CA1816:Call GC.SuppressFinalize correctly", Justification =
        "The lock set disposes its leases through this method.")]
    internal void Return()
    {
        if (Interlocked.Exchange(ref _returned, 1) != 0)
            return;
        GC.SuppressFinalize(this);
        _semaphore.Return(Permits);
    }
}
