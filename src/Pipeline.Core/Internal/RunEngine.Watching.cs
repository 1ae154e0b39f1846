namespace Pipeline.Core.Internal;

/// <summary>Keeps turns over several items harmless.</summary>
/// <remarks>
/// A worker of a stage with tiny bodies takes several items at once, which makes a hop several times cheaper. That is a bet on how long
/// the bodies take. When one of them turns out to be slow, the items behind it must not wait for it, nor may the results before
/// it: every few milliseconds the run looks for turns that last too long, hands on what they finished and gives the rest to others. The same
/// look calls a carrier when none was called before because the work seemed too little.
/// </remarks>
internal sealed partial class RunEngine
{
    private bool _isWatched; // guarded by _gate
    private long _turnsEnded; // guarded by _gate
    private long _turnsEndedBefore; // guarded by _gate: at the last look

    private void WatchUnsynchronized()
    {
        if (_isWatched)
            return;
        _isWatched = RunWatch.TryAdd(this);
    }

    /// <summary>Looks whether turns last longer than was expected. Called by the watch, every few milliseconds.</summary>
    /// <returns>False when no thread of the run does anything, so that there is nothing to look at until it asks again.</returns>
    internal bool Look()
    {
        bool needsCarrier = false;
        lock (_gate)
        {
            if (IsStopping || _isOver || _carriers == 0)
            {
                _isWatched = false;
                return false;
            }

            long now = StampUnsynchronized();
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

            if (isStuck && _coming == 0 && HasMoreUnsynchronized())
                needsCarrier = AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
        return true;
    }
}
