namespace Pipeline.Jobs;

/// <summary>What the store says to a worker that reports.</summary>
public enum HeartbeatAnswer
{
    /// <summary>The lease is held; go on.</summary>
    Held,

    /// <summary>The lease is held, and the job's owner wants it to stop.</summary>
    CancelRequested,

    /// <summary>The lease belongs to nobody or to somebody else. Stop: nothing will be accepted.</summary>
    Lost,
}
