using System.Diagnostics.Tracing;

namespace Pipeline.Sync;

/// <summary>All log events of this package.</summary>
[EventSource(Name = "Pipeline-Sync")]
internal sealed class SyncEvents : EventSource
{
    public static readonly SyncEvents Log = new();

    private SyncEvents()
    {
    }

    [Event(1, Level = EventLevel.Error, Message =
        "A lease of '{0}', acquired at {1}, was lost without being disposed. Its permits were given back late. Dispose every lease, "
        + "best with 'await using'.")]
    public void LeaseLeaked(string name, string site) => WriteEvent(1, name, site);

    [Event(2, Level = EventLevel.Error, Message = "{0}")]
    public void Deadlock(string explanation) => WriteEvent(2, explanation);
}
