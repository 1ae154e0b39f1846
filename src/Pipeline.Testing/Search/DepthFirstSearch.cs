namespace Pipeline.Testing;

/// <summary>Walks the tree of choices of a program depth first, each run from the start (stateless search).</summary>
internal abstract class DepthFirstSearch(ExplorableProgram program, ExplorerOptions options) : IDecider
{
    private readonly List<Branching> _path = [];
    private int _depth;

    public long Schedules { get; private set; }

    public long Pruned { get; private set; }

    /// <summary>Gets whether every schedule was run or known, when the enumeration of <see cref="Runs"/> has ended.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Returns the first failing run, or null when there is none or the limit was reached.</summary>
    public RunRecord? FindFirst() => Runs().FirstOrDefault(r => r.Failure is not null);

    public Decision Decide(DecisionPoint point)
    {
        if (_depth == _path.Count)
        {
            Branching? opened = Open(point, options.SkipEquivalent && point.Execution.AllowsReduction);
            if (opened is null)
                return new Decision(DecisionKind.Abandon);
            _path.Add(opened);
        }

        Branching branching = _path[_depth++];
        if (!branching.IsAt(point))
            return new Decision(DecisionKind.Diverged);
        Follow(point, branching);
        return branching.ToDecision(point);
    }

    /// <summary>Opens a point that this run is the first to reach; null when everything that could follow is known.</summary>
    protected abstract Branching? Open(DecisionPoint point, bool mayReduce);

    /// <summary>Takes note of the branch that the run takes.</summary>
    protected abstract void Follow(DecisionPoint point, Branching branching);

    /// <summary>Begins a run.</summary>
    protected abstract void Restart();

    private IEnumerable<RunRecord> Runs()
    {
        while (!IsComplete && Schedules + Pruned < options.ScheduleLimit)
        {
            _depth = 0;
            Restart();
            RunRecord record = Runner.Run(program, this, options.StepLimit);
            if (record.Abandoned)
                Pruned++;
            else
                Schedules++;
            IsComplete = !Backtrack();
            if (!record.Abandoned)
                yield return record;
        }
    }

    private bool Backtrack()
    {
        while (_path.Count > 0)
        {
            if (_path[^1].MoveOn())
                return true;
            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }
}
