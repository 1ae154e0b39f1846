namespace Pipeline.Processes;

/// <summary>What a pool has done so far. Guarded by the supervisor's lock.</summary>
internal sealed class PoolCounters
{
    public long Submitted { get; set; }
    public long Completed { get; set; }
    public long Failed { get; set; }
    public long Canceled { get; set; }
    public long Quarantined { get; set; }
    public long Started { get; set; }
    public long Deaths { get; set; }
    public long Kills { get; set; }
    public long Recycled { get; set; }
    public long PayloadBytes { get; set; }

    public void CountEnd(CallEnding ending)
    {
        if (ending == CallEnding.Canceled)
            Canceled++;
        else
            Failed++;
        if (ending == CallEnding.Quarantined)
            Quarantined++;
    }

    public void CountEnd(FrameType answer)
    {
        if (answer == FrameType.Result)
            Completed++;
        else
            Failed++;
    }
}
