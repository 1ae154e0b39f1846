using System.Diagnostics.Metrics;

namespace Pipeline.Sync;

/// <summary>All instruments of this package.</summary>
internal static class SyncMetrics
{
    private static readonly Meter s_meter = new("Pipeline.Sync");

    /// <summary>How long acquisitions waited that could not be served at once; tag <c>pipeline.lock.level</c> is the highest level of the set.</summary>
    public static Histogram<double> WaitDuration { get; } =
        s_meter.CreateHistogram<double>("pipeline.lock.wait.duration", "s",
            "How long acquisitions of locks and licenses waited that could not be served at once.");
}
