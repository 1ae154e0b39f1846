namespace Pipeline.Testing;

/// <summary>Runs every schedule up to a cost.</summary>
/// <remarks>
/// A schedule is given up when its beginning has ordered all dependent steps as an earlier one did, with the same participant to go on and
/// at no lower cost: all that could follow has been tried. Sleep sets would be wrong here, because the equivalent schedule that they rely on
/// may cost more than the bound allows (Coons, Musuvathi and McKinley, "Bounded Partial-Order Reduction", OOPSLA 2013).
/// </remarks>
internal sealed class BoundedSearch(ExplorableProgram program, int bound, ExplorerOptions options) : DepthFirstSearch(program, options)
{
    private readonly Dictionary<(UInt128 History, int Current), int> _visited = [];
    private int _cost;

    protected override Branching? Open(DecisionPoint point, bool mayReduce)
    {
        if (mayReduce && IsKnown(point))
            return null;
        int free = point.CanContinue ? 1 : point.Candidates.Count;
        return new Branching(point, _cost < bound ? Branching.Count(point) : free);
    }

    protected override void Follow(DecisionPoint point, Branching branching)
    {
        if (branching.Chosen < 0 || (point.CanContinue && branching.Chosen != point.Current))
            _cost++;
    }

    protected override void Restart() => _cost = 0;

    private bool IsKnown(DecisionPoint point)
    {
        (UInt128, int) state = (point.Execution.HistoryHash, point.CanContinue ? point.Current : -1);
        if (_visited.TryGetValue(state, out int cost) && cost <= _cost)
            return true;
        _visited[state] = _cost;
        return false;
    }
}
