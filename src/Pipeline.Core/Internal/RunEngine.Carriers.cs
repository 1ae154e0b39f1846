namespace Pipeline.Core;

/// <summary>When another carrier thread comes, and what the run knows of each.</summary>
internal sealed partial class RunEngine
{
    /// <summary>Says whether another carrier is to be started because there is enough to do beside a turn that begins: that costs about as much as 20 µs of work.</summary>
    private bool ShareUnsynchronized(Carrier self, NodeWorker worker, long now)
    {
        if (_carriers >= _maxCarriers)
            return false;
        if (_coming > 0)
            return false; // that one decides again once it is here; a second on its way would take a processor from a body to find nothing
        if (_resumed.Count > 0)
            return AddCarrierUnsynchronized();
        if (IsStopping)
            return false;
        if (worker.ExpectedCost < _worthWaking / 4)
        {
            // This carrier is back before another one would be awake, and decides again then. The watch looks whether it is.
            self.IsQuick = true;
            self.IsSeen = false;
            _quick.Add(self);
            WatchUnsynchronized();
            return false;
        }

        if (_quick.Count > 0 && _bodyLimit - _bodies <= _quick.Count)
        {
            // Those that will be back at once are enough for all bodies that may start. Another thread would take a processor from them.
            WatchUnsynchronized();
            return false;
        }

        // While a processor is free, whatever feeds it is urgent. While all compute, little work for the source or the sink can wait for the
        // next end of a turn or for the watch: another thread for it would only interrupt a body.
        double enough = worker.ExpectedCost > _worthWaking && _bodies < _bodyLimit ? 0 : _worthWaking;
        double cost = 0;
        bool hasMore = false;
        foreach (EngineNode node in _nodes)
        {
            if ((node.IsCounted && _bodies >= _bodyLimit) || !node.CanStart(now))
                continue;
            hasMore = true;
            cost += node.ExpectedCost;
            if (cost >= enough)
                return AddCarrierUnsynchronized();
        }

        if (hasMore)
            WatchUnsynchronized();
        return false;
    }

    /// <summary>Makes room for one more carrier.</summary>
    /// <returns>True when the caller has to start it, outside the gate.</returns>
    private bool AddCarrierUnsynchronized()
    {
        if (_isOver || _carriers >= _maxCarriers)
            return false;
        _carriers++;
        _coming++;
        return true;
    }

    /// <summary>Starts a carrier that <see cref="AddCarrierUnsynchronized"/> counted. Called outside the gate.</summary>
    /// <param name="staysBusy">True when the calling thread will run a body next.</param>
    private void StartCarrier(bool staysBusy = false)
    {
        if (IsSynchronous)
        {
            _called!.Release();
            return;
        }

        try
        {
            CarrierThread.Start(this, _context, staysBusy);
        }
        catch (OutOfMemoryException)
        {
            CarryWithFewer();
        }
    }

    /// <summary>Makes do with the carriers that there are, because the system gives no further thread. When there is none, the calling thread, which is no carrier, carries the run.</summary>
    private void CarryWithFewer()
    {
        lock (_gate)
        {
            _maxCarriers = Math.Max(1, _carriers - 1);
            if (_carriers > 1)
            {
                _carriers--;
                _coming--;
                return;
            }
        }

        if (_context is { } context)
            ExecutionContext.Run(context, static run => ((RunEngine)run!).Carry(), this);
        else
            Carry();
    }

    /// <summary>What the run knows of a carrier thread. Guarded by the run's gate.</summary>
    private sealed class Carrier
    {
        /// <summary>Gets or sets a value indicating whether it has been at the gate.</summary>
        public bool HasArrived { get; set; }

        /// <summary>Gets or sets a value indicating whether it runs a turn that will be over before another thread would be awake.</summary>
        public bool IsQuick { get; set; }

        /// <summary>Gets or sets a value indicating whether the watch has seen that turn under way before.</summary>
        public bool IsSeen { get; set; }
    }
}
