namespace Pipeline.Core;

/// <summary>How carrier threads find turns.</summary>
internal sealed partial class RunEngine
{
    private bool _handedOn; // guarded by _gate: since the nodes were asked last whether they may start

    /// <summary>Runs turns until there is none to run. Whoever makes one possible after that starts another carrier.</summary>
    /// <returns>True when the run is over.</returns>
    public bool Carry()
    {
        NodeWorker? worker = null;
        Carrier self = new();
        while (true)
        {
            bool needsCarrier = false;
            lock (_gate)
            {
                if (!self.HasArrived)
                    _coming--;
                self.HasArrived = true;
                if (self.IsQuick)
                    _quick.Remove(self);
                self.IsQuick = false;
                long now = worker is null ? StampUnsynchronized() : StampUnsynchronized(ended: worker);
                if (worker is not null)
                    EndTurnUnsynchronized(worker, now);
                bool isStuck = LookInPassingUnsynchronized(now);
                worker = NextUnsynchronized(now);
                if (worker is not null)
                    needsCarrier = ShareUnsynchronized(self, worker, now) || (isStuck && _coming == 0 && HasMoreUnsynchronized() && AddCarrierUnsynchronized());
                else if (--_carriers > 0 || !_isOver)
                    return _isOver;
            }

            if (worker is null)
            {
                // The last carrier out ends the run; the task that it starts is the run's Completion and never throws.
                _ = EndAsync();
                return true;
            }

            if (needsCarrier)
                StartCarrier(staysBusy: true);
            if (!worker.Run())
                worker = null;
        }
    }

    private void EndTurnUnsynchronized(NodeWorker worker, long now)
    {
        _turns--;
        _turnsEnded++;
        if (worker.Node.IsCounted)
            _bodies--;
        if (worker.IsChunk)
        {
            worker.IsChunk = false;
            _chunks.Remove(worker);
        }

        worker.End(now);
        if (IsCalibrating)
            CalibrateUnsynchronized();
    }

    /// <summary>Finds the next turn to run or continue; null when there is none now.</summary>
    private NodeWorker? NextUnsynchronized(long now)
    {
        while (true)
        {
            if (TryResumeUnsynchronized() is { } resumed)
                return resumed;
            if (!IsStopping && TryBeginUnsynchronized(now) is { } begun)
                return begun;
            if (_isOver || IsOverUnsynchronized())
            {
                _isOver = true;
                return null;
            }

            if (!(_turns == 0 ? TryUnstallUnsynchronized() : _turns == 1 && _source.IsWaiting && TryUnstallMemoryUnsynchronized()))
                return null;
        }
    }

    private NodeWorker? TryResumeUnsynchronized()
    {
        for (int left = _resumed.Count; left > 0; left--)
        {
            NodeWorker worker = _resumed.Dequeue();
            if (worker.NeedsProcessor && _bodies >= _bodyLimit && !IsStopping)
            {
                _resumed.Enqueue(worker);
                continue;
            }

            if (worker.NeedsProcessor)
                _bodies++;
            worker.NeedsProcessor = false;
            if (worker.IsChunk)
                WatchUnsynchronized();
            return worker;
        }

        return null;
    }

    private NodeWorker? TryBeginUnsynchronized(long now)
    {
        do
        {
            _handedOn = false;
            for (int i = _nodes.Count - 1; i >= 0; i--)
            {
                EngineNode node = _nodes[i];
                if ((node.IsCounted && _bodies >= _bodyLimit) || !node.CanStart(now))
                    continue;
                EngineNode? feeder = node.IsLow && !node.IsFed ? QuickFeederUnsynchronized(i, now) : null;
                node.IsFed = feeder is not null;
                return BeginUnsynchronized(feeder ?? node, now);
            }
        }
        while (_handedOn); // to a node that had nothing when it was asked
        return null;
    }

    private NodeWorker BeginUnsynchronized(EngineNode node, long now)
    {
        _turns++;
        if (node.IsCounted)
            _bodies++;
        NodeWorker worker = node.Begin(now);
        if (worker.IsChunk)
        {
            _chunks.Add(worker);
            WatchUnsynchronized();
        }

        return worker;
    }

    /// <summary>Notes that a node handed something on outside a turn, maybe while it was asked whether it may start.</summary>
    public void NoteHandedOnUnsynchronized() => _handedOn = true;

    /// <summary>
    /// Finds a node further up that can quickly give more to one that will soon have nothing left. It goes first, for one turn: otherwise the other
    /// workers of that node end their turns, find nothing and sleep.
    /// </summary>
    private EngineNode? QuickFeederUnsynchronized(int index, long now)
    {
        if (IsSynchronous || Budget.LimitBytes is not null)
            return null;
        for (int i = index - 1; i >= 0; i--)
        {
            EngineNode node = _nodes[i];
            if ((node.IsCounted && _bodies >= _bodyLimit) || !node.CanStart(now))
                continue;
            return node.ExpectedCost < _worthWaking ? node : null;
        }

        return null;
    }

    /// <summary>Nothing runs and nothing may start: lets nodes that collect items give out what they have.</summary>
    private bool TryUnstallUnsynchronized()
    {
        bool changed = false;
        if (Budget.LimitBytes is not null || _settings.MaxItemsInFlight is not null)
        {
            foreach (EngineNode node in _nodes)
                changed |= node.TryUnstall();
        }

        return changed || TryFavorUnsynchronized();
    }

    /// <summary>The same while the source waits for its next item, which would move things on: only when something waits for memory that nothing will give back.</summary>
    private bool TryUnstallMemoryUnsynchronized()
    {
        if (!TryFavorUnsynchronized())
            return false;
        Budget.Favor(null);
        return TryUnstallUnsynchronized();
    }

    /// <summary>Admits one item beyond the budget when the run would stand still otherwise; see <see cref="MemoryBudget"/>.</summary>
    private bool TryFavorUnsynchronized()
    {
        // Results that a consumer has not taken yet hold memory too; then it is the consumer that the run waits for.
        if (Budget.LimitBytes is null || IsStopping || _nodes[^1] is { Workers: 0, Waiting: > 0 })
            return false;
        long now = StampUnsynchronized();
        for (int i = _nodes.Count - 1; i > 0; i--)
        {
            if (_nodes[i].Next is not { } ticket)
                continue;
            Budget.Favor(ticket);
            if (_nodes[i].CanStart(now))
                return true;
        }

        Budget.Favor(null);
        return false;
    }

    private bool HasMoreUnsynchronized()
    {
        if (_resumed.Count > 0)
            return true;
        if (IsStopping)
            return false;
        long now = StampUnsynchronized();
        foreach (EngineNode node in _nodes)
        {
            if (!(node.IsCounted && _bodies >= _bodyLimit) && node.CanStart(now))
                return true;
        }

        return false;
    }

    private bool IsOverUnsynchronized() => _turns == 0 && (IsStopping || (_live == 0 && _source.IsComplete));
}
