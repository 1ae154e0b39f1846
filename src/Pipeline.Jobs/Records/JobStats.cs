namespace Pipeline.Jobs;

/// <summary>The load of a store, over all tenants.</summary>
/// <param name="Ready">Jobs that a worker could take now.</param>
/// <param name="Waiting">Jobs that wait for the time of their next attempt.</param>
/// <param name="InFlight">Jobs that a worker has.</param>
/// <param name="OldestReady">How long the oldest ready job has been waiting; null when none is.</param>
/// <param name="Unsettled">Ended jobs whose settlement, such as billing, is still to do.</param>
public sealed record JobStats(long Ready, long Waiting, long InFlight, TimeSpan? OldestReady, long Unsettled)
{
    /// <summary>Says how many workers the load wants.</summary>
    /// <param name="serviceTime">The mean time of one job, above 0.</param>
    /// <param name="promisedWait">How long a job may wait and run in all, above 0.</param>
    /// <param name="slots">Jobs that one worker runs at the same time, 1 or more.</param>
    /// <param name="min">The least answer, 0 or more.</param>
    /// <param name="max">The greatest answer, at least <paramref name="min"/>.</param>
    /// <returns>Workers. Jobs in flight count, so that a busy fleet is never seen as an empty queue.</returns>
    /// <remarks>Formula: max(ceil(in flight / slots), ceil((ready + in flight) x service time / (promised wait x slots))), held between the bounds.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public int WantedWorkers(TimeSpan serviceTime, TimeSpan promisedWait, int slots, int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(serviceTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(promisedWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        double busy = Math.Ceiling(InFlight / (double)slots);
        double promised = Math.Ceiling((Ready + InFlight) * serviceTime.TotalSeconds / (promisedWait.TotalSeconds * slots));
        return (int)Math.Clamp(Math.Max(busy, promised), min, max);
    }
}
