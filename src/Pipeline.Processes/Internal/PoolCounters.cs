using Pipeline.Core;
namespace Pipeline.Processes;

/// <summary>What a pool has done so far. Guarded by the supervisor's lock.</summary>
internal sealed class PoolCounters
{
    internal long Submitted { get; set; }

    internal long Completed { get; set; }

    internal long Failed { get; set; }

    internal long Canceled { get; set; }

    internal long Quarantined { get; set; }

    internal long Started { get; set; }

    internal long Deaths { get; set; }

    internal long Kills { get; set; }

    internal long Recycled { get; set; }

    internal long PayloadBytes { get; set; }

    internal void CountEnd(FrameType answer)
    {
        if (answer == FrameType.Result)
            Completed++;
        else
            Failed++;
    }
}
