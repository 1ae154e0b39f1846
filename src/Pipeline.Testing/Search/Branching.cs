namespace Pipeline.Testing;

/// <summary>The branches at one point of a depth-first search, in this order: go on, each other participant that can run, each crash.</summary>
internal sealed class Branching
{
    private readonly ulong _skipped;
    private readonly int _branches;
    private readonly int[] _runnable;
    private readonly int _place;
    private int _chosen = -1;

    /// <summary>Opens a point at its first branch that is not skipped.</summary>
    /// <param name="point">The point.</param>
    /// <param name="branches">How many branches to take.</param>
    /// <param name="skipped">The participants that need not take the next step here, as bits.</param>
    public Branching(DecisionPoint point, int branches, ulong skipped = 0)
    {
        (_branches, _skipped, _place) = (branches, skipped, Place(point));
        _runnable = point.CanContinue ? [point.Current, .. point.Candidates] : [.. point.Candidates];
        IsExhausted = !MoveOn();
    }

    public bool IsExhausted { get; }

    /// <summary>Gets the participants that need not take the next step here, as bits: the skipped ones, and those whose branches are done.</summary>
    public ulong Asleep
    {
        get
        {
            ulong asleep = _skipped;
            for (int i = 0; i < _chosen; i++)
                asleep |= 1UL << _runnable[i];
            return asleep;
        }
    }

    /// <summary>Gets the participant that takes the next step; -1 for a crash.</summary>
    public int Chosen => _chosen < _runnable.Length ? _runnable[_chosen] : -1;

    /// <summary>Gets how many branches a point has.</summary>
    public static int Count(DecisionPoint point) => (point.CanContinue ? 1 : 0) + point.Candidates.Count + point.CrashCandidates.Count;

    public bool MoveOn()
    {
        do
        {
            _chosen++;
        }
        while (_chosen < _runnable.Length && (_skipped & (1UL << _runnable[_chosen])) != 0);
        return _chosen < _branches;
    }

    /// <summary>Tells whether a run that made the same choices has come to the same point.</summary>
    public bool IsAt(DecisionPoint point) => _place == Place(point);

    public Decision ToDecision(DecisionPoint point)
    {
        if (_chosen >= _runnable.Length)
            return new Decision(DecisionKind.Crash, _chosen - _runnable.Length);
        if (!point.CanContinue)
            return new Decision(DecisionKind.Switch, _chosen);
        return _chosen == 0 ? new Decision(DecisionKind.Continue) : new Decision(DecisionKind.Switch, _chosen - 1);
    }

    private static int Place(DecisionPoint point)
    {
        HashCode place = default(HashCode);
        place.Add(point.Execution.HistoryHash);
        place.Add(point.CanContinue);
        foreach (int candidate in point.Candidates)
            place.Add(candidate);
        place.Add(point.CrashCandidates.Count);
        return place.ToHashCode();
    }
}
