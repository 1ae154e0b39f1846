namespace Pipeline.Core;

/// <summary>Keeps turns over several items of one run harmless.</summary>
/// <remarks>
/// A worker of a stage with tiny bodies takes several items at once, which makes a hop several times cheaper. That is a bet on how long the bodies take. When
/// one of them turns out to be slow, the items behind it must not wait for it, nor may the results before it: every few milliseconds an inspection looks for
/// turns that last too long, hands on what they finished and gives the rest to others. The same inspection calls a carrier when none was called before because
/// the work seemed too little.
/// <para>Locking rule: everything is guarded by the run's gate. <see cref="Inspect"/> takes it; <see cref="RunMonitor"/>'s own lock is taken inside it.</para>
/// </remarks>
/// <param name="run">The run.</param>
/// <param name="crew">Its carriers.</param>
/// <param name="hasMore">Says, under the gate, whether a turn may begin or go on.</param>
internal sealed class TurnInspector(RunContext run, CarrierCrew crew, Func<bool> hasMore)
{
    private readonly long _interval = IntervalOf(run); // in time stamps
    private readonly List<NodeWorker> _chunks = []; // turns over several items
    // When a carrier inspects; never without accounts
    private long _next = run.KeepsAccounts ? run.StartedAt + IntervalOf(run) : long.MaxValue;
    private long _carrierInspectedAt; // the last time that one did, in real time; 0 when none has
    private bool _isMonitored;
    private long _turnsEnded;
    private long _turnsEndedBefore; // at the last inspection

    /// <summary>Asks for inspections by <see cref="RunMonitor"/> from now on, until no thread of the run does anything.</summary>
    public void RequestUnsynchronized()
    {
        run.AssertGate();
        if (!_isMonitored)
            _isMonitored = RunMonitor.TryAdd(this);
    }

    /// <summary>Ends the inspections. Called when the run is over.</summary>
    public void End()
    {
        if (_isMonitored)
            RunMonitor.Remove(this);
    }

    public void OnTurnBegunUnsynchronized(NodeWorker worker)
    {
        run.AssertGate();
        if (!worker.IsChunk)
            return;
        _chunks.Add(worker);
        RequestUnsynchronized();
    }

    public void OnTurnEndedUnsynchronized(NodeWorker worker)
    {
        run.AssertGate();
        _turnsEnded++;
        if (!worker.IsChunk)
            return;
        worker.IsChunk = false;
        _chunks.Remove(worker);
    }

    /// <summary>Looks whether turns last longer than was expected. Called by <see cref="RunMonitor"/>.</summary>
    /// <param name="isAttended">True when carriers inspected not long ago, or there is nothing to inspect now: the caller need not come back soon.</param>
    /// <returns>False when no thread of the run does anything, so that there is nothing to inspect until the run asks again.</returns>
    public bool Inspect(out bool isAttended)
    {
        bool needsCarrier;
        lock (run.Gate)
        {
            isAttended = false;
            if (run.IsStopping || run.IsOver || crew.Count == 0)
            {
                _isMonitored = false;
                return false;
            }

            isAttended = _carrierInspectedAt != 0 && Stopwatch.GetElapsedTime(_carrierInspectedAt) < 2 * RunMonitor.Interval;
            if (isAttended)
                return true;
            bool isStuck = InspectUnsynchronized(run.StampUnsynchronized());
            bool isMore = hasMore();
            needsCarrier = isStuck && isMore && crew.Coming == 0 && crew.AddUnsynchronized();
            isAttended = !isMore && _chunks.Count == 0 && crew.Quick.Count == 0;
        }

        if (needsCarrier)
            crew.Start();
        return true;
    }

    /// <summary>Inspects in place of <see cref="RunMonitor"/> when it is time, so that its thread need not wake while carriers come to the gate.</summary>
    /// <returns>True when another carrier may be needed.</returns>
    public bool InspectInPassingUnsynchronized(long now)
    {
        run.AssertGate();
        if (now < _next || run.IsStopping)
            return false;
        _carrierInspectedAt = Stopwatch.GetTimestamp();
        return InspectUnsynchronized(now);
    }

    private static long IntervalOf(RunContext run) => (long)(RunMonitor.Interval.TotalSeconds * run.Clock.TimestampFrequency);

    /// <summary>Hands on what turns that were seen before have finished and gives the rest to others; notes those that are under way.</summary>
    /// <returns>True when another carrier may be needed.</returns>
    private bool InspectUnsynchronized(long now)
    {
        run.AssertGate();
        if (run.KeepsAccounts)
            _next = now + _interval;
        bool isStuck = _turnsEnded == _turnsEndedBefore; // otherwise a carrier was at the gate and called those that it wanted
        _turnsEndedBefore = _turnsEnded;
        foreach (NodeWorker worker in _chunks)
        {
            if (worker.IsSeen)
                worker.Revoke(now);
            isStuck |= worker.IsSeen;
            worker.IsSeen = true; // if it was not, it may have begun just now; the next inspection decides
        }

        for (int i = crew.Quick.Count - 1; i >= 0; i--)
        {
            Carrier carrier = crew.Quick[i];
            isStuck |= carrier.IsSeen;
            if (carrier.IsSeen)
            {
                carrier.IsQuick = false; // it was expected back long ago
                crew.Quick.RemoveAt(i);
            }

            carrier.IsSeen = true;
        }

        return isStuck;
    }
}
