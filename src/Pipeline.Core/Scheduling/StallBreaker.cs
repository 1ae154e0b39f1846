namespace Pipeline.Core;

/// <summary>Lets a run go on in which nothing runs and nothing may start, because items wait for memory or for others that wait for them.</summary>
/// <remarks>Locking rule: called under the run's gate.</remarks>
internal sealed class StallBreaker(RunContext run)
{
    /// <summary>Gives out what nodes hold back; when there is nothing, admits one item beyond the budget.</summary>
    /// <returns>True when something may start now.</returns>
    public bool TryEndUnsynchronized(EngineNode[] nodes)
    {
        run.AssertGate();
        bool changed = false;
        if (run.Budget.LimitBytes is not null || run.Settings.MaxItemsInFlight is not null)
        {
            foreach (EngineNode node in nodes)
                changed |= node.TryUnstall();
        }

        return changed || TryFavorUnsynchronized(nodes);
    }

    /// <summary>The same while the source waits for its next item, which would move things on: only when an item waits for memory for good.</summary>
    public bool TryEndForMemoryUnsynchronized(EngineNode[] nodes)
    {
        run.AssertGate();
        if (!TryFavorUnsynchronized(nodes))
            return false;
        run.Budget.Favor(null);
        return TryEndUnsynchronized(nodes);
    }

    /// <summary>Admits one item beyond the budget when the run would stand still otherwise; see <see cref="MemoryBudget"/>.</summary>
    private bool TryFavorUnsynchronized(EngineNode[] nodes)
    {
        run.AssertGate();

        // Results that a consumer has not taken yet hold memory too; then it is the consumer that the run waits for.
        if (run.Budget.LimitBytes is null || run.IsStopping || nodes[^1] is { Workers: 0, Waiting: > 0 })
            return false;
        long now = run.StampUnsynchronized();
        for (int i = nodes.Length - 1; i > 0; i--)
        {
            if (nodes[i].Next is not { } ticket)
                continue;
            run.Budget.Favor(ticket);
            if (nodes[i].CanStart(now))
                return true;
        }

        run.Budget.Favor(null);
        return false;
    }
}
