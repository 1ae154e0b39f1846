using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pipeline.Jobs;

/// <summary>All instruments of the package. Meter and activity source are called Pipeline.Jobs.</summary>
internal static class JobInstruments
{
    private static readonly Meter s_meter = new("Pipeline.Jobs");

    public static ActivitySource Activities { get; } = new("Pipeline.Jobs");

    public static Counter<long> Attempts { get; } = s_meter.CreateCounter<long>("pipeline.job.attempts", "{attempt}", "Attempts that ended, by how.");

    public static Histogram<double> Duration { get; } = s_meter.CreateHistogram<double>("pipeline.job.duration", "s", "How long attempts took.");

    public static Counter<long> LateCommits { get; } = s_meter.CreateCounter<long>("pipeline.job.late_commits", "{commit}", "Commits that were refused because the lease was lost.");

    public static Counter<long> Recovered { get; } = s_meter.CreateCounter<long>("pipeline.job.recovered", "{lease}", "Leases that ran out.");

    public static UpDownCounter<long> Active { get; } = s_meter.CreateUpDownCounter<long>("pipeline.job.active", "{job}", "Jobs that run in this process.");
}
