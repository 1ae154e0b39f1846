namespace Pipeline.Testing;

/// <summary>Looks for a sequential order of the calls that explains every result and respects real time.</summary>
/// <remarks>
/// Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), with Lowe's memory of visited (set of calls, state) pairs.
/// A call that was cut off by a crash may be left out, or placed anywhere after its first step.
/// </remarks>
internal sealed class LinearizabilityCheck<TState>(
    IReadOnlyList<OperationRecord> history, Func<TState, string, object?, (TState Next, object? Result)> apply)
{
    private readonly OperationRecord[] _calls = [.. history.Where(o => o.First >= 0)];
    private readonly HashSet<(ulong, TState)> _visited = [];

    public string? FindViolation(TState initial)
    {
        if (_calls.Length > 64)
            return $"the history has {_calls.Length} calls; the check takes at most 64. Make the program smaller";
        return CanFinish(0, initial) ? null
            : "no sequential order explains the results: " + string.Join("; ", _calls.Select(c => c.ToString()));
    }

    private bool CanFinish(ulong placed, TState state)
    {
        bool complete = true;
        for (int i = 0; i < _calls.Length; i++)
            complete &= !_calls[i].IsComplete || (placed & (1UL << i)) != 0;
        if (complete)
            return true;
        if (!_visited.Add((placed, state)))
            return false;
        for (int i = 0; i < _calls.Length; i++)
        {
            if ((placed & (1UL << i)) != 0 || !MayBeNext(i, placed))
                continue;
            (TState next, object? result) = apply(state, _calls[i].Operation, _calls[i].Argument);
            if ((!_calls[i].IsComplete || Equals(result, _calls[i].Result)) && CanFinish(placed | (1UL << i), next))
                return true;
        }

        return false;
    }

    private bool MayBeNext(int candidate, ulong placed)
    {
        for (int i = 0; i < _calls.Length; i++)
        {
            if ((placed & (1UL << i)) == 0 && _calls[i].Last < _calls[candidate].First)
                return false;
        }

        return true;
    }
}
