using System.Diagnostics;

namespace Pipeline.Core;

/// <summary>Keeps turns over several items harmless.</summary>
/// <remarks>
/// A worker of a stage with tiny bodies takes several items at once, which makes a hop several times cheaper. That is a bet on how long
/// the bodies take. When one of them turns out to be slow, the items behind it must not wait for it, nor may the results before
/// it: every few milliseconds the run looks for turns that last too long, hands on what they finished and gives the rest to others. The same
/// look calls a carrier when none was called before because the work seemed too little.
/// </remarks>
internal sealed partial class RunEngine
{
    private readonly long _lookInterval; // in time stamps
    private long _nextLook; // guarded by _gate: when a carrier that comes to the gate looks, in time stamps; never when no accounts are kept
    private long _carrierLookedAt; // guarded by _gate: the last time that one did, in real time; 0 when none has
    private bool _isWatched; // guarded by _gate
    private long _turnsEnded; // guarded by _gate
    private long _turnsEndedBefore; // guarded by _gate: at the last look

    private void WatchUnsynchronized()
    {
        if (_isWatched)
            return;
        _isWatched = RunWatch.TryAdd(this);
    }

    /// <summary>Looks whether turns last longer than was expected. Called by the watch.</summary>
    /// <param name="isAttended">True when carriers looked not long ago, or there is nothing to look at now: the watch need not come back soon.</param>
    /// <returns>False when no thread of the run does anything, so that there is nothing to look at until it asks again.</returns>
    public bool Look(out bool isAttended)
    {
        bool needsCarrier;
        lock (_gate)
        {
            isAttended = false;
            if (IsStopping || _isOver || _carriers == 0)
            {
                _isWatched = false;
                return false;
            }

            isAttended = _carrierLookedAt != 0 && Stopwatch.GetElapsedTime(_carrierLookedAt) < 2 * RunWatch.Interval;
            if (isAttended)
                return true;
            bool isStuck = LookUnsynchronized(StampUnsynchronized());
            bool hasMore = HasMoreUnsynchronized();
            needsCarrier = isStuck && hasMore && _coming == 0 && AddCarrierUnsynchronized();
            isAttended = !hasMore && _chunks.Count == 0 && _quick.Count == 0;
        }

        if (needsCarrier)
            StartCarrier();
        return true;
    }

    /// <summary>Looks in place of the watch when it is time, so that a thread need not wake for it while carriers come to the gate.</summary>
    /// <returns>True when another carrier may be needed.</returns>
    private bool LookInPassingUnsynchronized(long now)
    {
        if (now < _nextLook || IsStopping)
            return false;
        _carrierLookedAt = Stopwatch.GetTimestamp();
        return LookUnsynchronized(now);
    }

    /// <summary>Hands on what turns that were seen before have finished and gives the rest to others; notes those that are under way.</summary>
    /// <returns>True when another carrier may be needed.</returns>
    private bool LookUnsynchronized(long now)
    {
        if (KeepsAccounts)
            _nextLook = now + _lookInterval;
        bool isStuck = _turnsEnded == _turnsEndedBefore; // otherwise a carrier came by and woke whom it wanted
        _turnsEndedBefore = _turnsEnded;
        foreach (NodeWorker worker in _chunks)
        {
            if (worker.IsSeen)
                worker.Rescue(now);
            isStuck |= worker.IsSeen;
            worker.IsSeen = true; // if it was not, it may have begun just now; the next look decides
        }

        for (int i = _quick.Count - 1; i >= 0; i--)
        {
            Carrier carrier = _quick[i];
            isStuck |= carrier.IsSeen;
            if (carrier.IsSeen)
            {
                carrier.IsQuick = false; // it was expected back long ago
                _quick.RemoveAt(i);
            }

            carrier.IsSeen = true;
        }

        return isStuck;
    }
}
