namespace Pipeline.Testing.Internal;

/// <summary>Runs every schedule up to a cost, depth first, each from the start (stateless search).</summary>
/// <remarks>
/// A schedule is given up when its beginning has ordered all dependent steps as an earlier one did, with the same participant to go on and
/// at no lower cost: whatever could follow has been tried. Sleep sets would be wrong here, because the equivalent schedule that they rely on
/// may cost more than the bound allows (Coons, Musuvathi and McKinley, "Bounded Partial-Order Reduction", OOPSLA 2013).
/// </remarks>
internal sealed class BoundedSearch(ExplorableProgram program, int bound, ExplorerOptions options) : IDecider
{
    private readonly List<Frame> _path = [];
    private readonly Dictionary<(UInt128 History, int Current), int> _visited = [];
    private int _depth;
    private int _cost;

    public long Schedules { get; private set; }

    public long Pruned { get; private set; }

    /// <summary>Gets whether every schedule was run or known, when the enumeration of <see cref="Runs"/> has ended.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Returns the first failing run, or null when there is none or the limit was reached.</summary>
    public RunRecord? FindFirst() => Runs().FirstOrDefault(r => r.Failure is not null);

    public IEnumerable<RunRecord> Runs()
    {
        while (!IsComplete && Schedules + Pruned < options.ScheduleLimit)
        {
            (_depth, _cost) = (0, 0);
            RunRecord record = Runner.Run(program, this, options.StepLimit);
            if (record.Abandoned) Pruned++;
            else Schedules++;
            IsComplete = !Backtrack();
            if (!record.Abandoned) yield return record;
        }
    }

    public Decision Decide(DecisionPoint point)
    {
        if (_depth == _path.Count)
        {
            if (options.SkipEquivalent && point.Execution.AllowsReduction && IsKnown(point)) return new Decision(DecisionKind.Abandon);
            int free = point.CanContinue ? 1 : point.Candidates.Count;
            int paid = _cost >= bound ? 0 : point.CrashCandidates.Count + (point.CanContinue ? point.Candidates.Count : 0);
            _path.Add(new Frame(free + paid));
        }

        Decision decision = ToDecision(point, _path[_depth++].Chosen);
        if (decision.Kind == DecisionKind.Crash || (decision.Kind == DecisionKind.Switch && point.CanContinue)) _cost++;
        return decision;
    }

    // Options in this order: go on (or each free choice), each preemption, each crash.
    private static Decision ToDecision(DecisionPoint point, int option)
    {
        if (point.CanContinue)
        {
            if (option == 0) return new Decision(DecisionKind.Continue);
            option--;
        }

        return option < point.Candidates.Count
            ? new Decision(DecisionKind.Switch, option)
            : new Decision(DecisionKind.Crash, option - point.Candidates.Count);
    }

    private bool IsKnown(DecisionPoint point)
    {
        (UInt128, int) state = (point.Execution.HistoryHash, point.CanContinue ? point.Current : -1);
        if (_visited.TryGetValue(state, out int cost) && cost <= _cost) return true;
        _visited[state] = _cost;
        return false;
    }

    private bool Backtrack()
    {
        while (_path.Count > 0)
        {
            Frame last = _path[^1];
            if (++last.Chosen < last.Options) return true;
            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }

    private sealed class Frame(int options)
    {
        public int Options { get; } = options;

        public int Chosen { get; set; }
    }
}
