using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Sync;

/// <summary>The scope in which code belongs to a participant; ended by <see cref="Dispose"/>.</summary>
[SuppressMessage("Performance",
    "CA1815:Override equals and operator equals on value types", Justification = "A scope is disposed, never compared.")]
public readonly struct SyncPointScope : IDisposable
{
    private readonly ISyncParticipant? _former;

    internal SyncPointScope(ISyncParticipant? former) => _former = former;

    /// <summary>Restores the participant that was current before <see cref="SyncPoint.Attach"/>.</summary>
    public void Dispose() => SyncPoint.Restore(_former);
}
